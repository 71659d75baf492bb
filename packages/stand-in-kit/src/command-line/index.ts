export {
  type Question,
  readCommandLine,
  refuseWords,
  UsageError,
} from './parsing.js';
export { closest } from './spelling.js';
export { type Environment, printedSettings, readStandInFlags, runStandIn } from './stand-in-program.js';
export { readNumber, readPort } from './values.js';
export { versionOf } from './version.js';
