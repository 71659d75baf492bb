export * from './control-server.js';
export * from './fault-injection.js';
export * from './http-server.js';
export * from './ports.js';
export * from './seeded-random.js';
export * from './settings.js';
export * from './task-clock.js';
