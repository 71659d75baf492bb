// Parts of the stand-in, for benchmarks that need a Discord faster than HTTP allows.
export { interactionJson } from './client/interaction-payload.js';
export { type Core, createCore, gatewayUrl } from './core.js';
export { interactionCreate } from './gateway/events.js';
export type { Dispatch } from './gateway/gateway-session.js';
export { interactionTypes } from './interactions/interactions.js';
