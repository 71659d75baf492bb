export type { CosSettings, CosSettingsInput } from './bucket-settings.js';
export type { CosFault, CosFaultInput, CosFaults } from './faults.js';
export type { StoredObject } from './object-table.js';
export type { CosRequestRecord } from './server.js';
export { type CosStandIn, type CosStandInOptions, createCosStandIn } from './stand-in.js';
