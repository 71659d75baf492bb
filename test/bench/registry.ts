import { acknowledging } from './acknowledging.js';
import { bursts } from './bursts.js';
import { cpuATask } from './cpu-a-task.js';
import { deciding } from './deciding.js';
import { delivering } from './delivery.js';
import { doubt } from './doubt/kills.js';
import { fleet } from './fleet.js';
import { fleetShare } from './fleet-share/fleet-share.js';
import { inLife } from './in-life.js';
import { lone } from './lone.js';
import type { Measurement } from './measurement.js';
import { memory } from './memory/memory.js';
import { reading } from './reading.js';
import { scales } from './scale.js';
import { asking } from './simulated/asking.js';

/** All that is measured, in this order; a file of measurements is one more line. */
export const registry: readonly Measurement[] = [
  ...deciding,
  ...lone,
  ...asking,
  ...inLife,
  ...cpuATask,
  ...bursts,
  ...acknowledging,
  ...scales,
  ...memory,
  ...reading,
  ...doubt,
  ...fleet,
  ...fleetShare,
  ...delivering,
];
