export type { RequestRecord } from './api/request-log.js';
export type { Fault, FaultInput, Faults } from './faults.js';
export { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from './stand-in.js';
export type { TaskRecord } from './tasks/tasks.js';
