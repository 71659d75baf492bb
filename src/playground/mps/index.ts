export type { Fault, FaultInput, Faults } from './faults.js';
export type { RequestRecord } from './records.js';
export { createMpsStandIn, type MpsStandIn, type MpsStandInOptions } from './stand-in.js';
export type { TaskRecord } from './tasks.js';
