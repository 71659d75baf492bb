export type { CosFault, CosFaultInput, CosFaults } from './faults.js';
export type { CosKnobs } from './knobs.js';
export type { StoredObject } from './objects.js';
export type { CosRequestRecord } from './server.js';
export { type CosStandIn, type CosStandInOptions, createCosStandIn } from './stand-in.js';
