import type { StandInClock } from '@easel/stand-in-kit';
import { ControlError, type ControlRoutes } from '@easel/stand-in-kit';
import { z } from 'zod';
import type { Limits } from './api/rate-limits.js';
import type { RequestRecord } from './api/request-log.js';
import { type ArmedFaults, faultSchema } from './faults.js';
import type { ServiceSettings } from './service-settings.js';
import type { Tasks } from './tasks/tasks.js';

const clockChange = z.strictObject({
  /** ms the API's clock is off. */
  skew: z.number().optional(),
  /** ms of task time to let pass at once. */
  advance: z.number().nonnegative().optional(),
});
const speedChange = z.strictObject({ speed: z.number().positive() });

/** The routes of `/_control`; all times are ms. */
export function controlRoutes(deps: {
  clock: StandInClock;
  faults: ArmedFaults;
  settings: ServiceSettings;
  limits: Limits;
  tasks: Tasks;
  records: readonly RequestRecord[];
}): ControlRoutes {
  const { clock, faults, settings, limits, tasks, records } = deps;
  const times = () => ({ now: clock.now(), server: clock.server(), task: clock.task(), skew: clock.offset });
  return {
    'GET /records': ({ query }) => ({
      requests: records.filter(({ at }) => at >= Number(query.get('since') ?? 0)),
      rejected: limits.rejected,
    }),
    'GET /tasks': () => tasks.records(),
    'GET /tasks/:id': ({ params: { id = '' } }) => {
      const task = tasks.get(id);
      if (!task) throw new ControlError(404, `there is no task ${id}`);
      return tasks.recordOf(task);
    },
    'GET /faults': () => faults.list(),
    'POST /faults': ({ body }) => ({ id: faults.arm(faultSchema.parse(body)) }),
    'DELETE /faults': () => faults.clear(),
    'DELETE /faults/:id': ({ params: { id = '' } }) => {
      if (!faults.disarm(Number(id))) throw new ControlError(404, `there is no fault ${id}`);
    },
    'GET /settings': () => settings.current,
    'PATCH /settings': ({ body }) => settings.updateFrom(body),
    'DELETE /settings': () => settings.reset(),
    'GET /clock': times,
    'POST /clock': ({ body }) => {
      const { skew, advance } = clockChange.parse(body);
      if (skew !== undefined) clock.skew(skew);
      if (advance !== undefined) clock.advance(advance);
      return times();
    },
    'GET /speed': () => ({ speed: clock.speed }),
    'POST /speed': ({ body }) => {
      clock.setSpeed(speedChange.parse(body).speed);
      return { speed: clock.speed };
    },
  };
}
