import type { StandInClock } from '@easel/stand-in-kit';
import { ControlError, type ControlRoutes } from '@easel/stand-in-kit';
import type { KeyPair } from '@easel/stand-in-kit/object-store';
import { z } from 'zod';
import type { BucketSettings } from './bucket-settings.js';
import { type ArmedCosFaults, faultSchema } from './faults.js';
import type { Objects, StoredObject } from './object-table.js';
import type { BucketName } from './request-target.js';
import type { CosRequestRecord } from './server.js';

const clockChange = z.strictObject({
  /** ms the server's clock is off. */
  skew: z.number().optional(),
  /** ms of task time to let pass at once: listings catch up. */
  advance: z.number().nonnegative().optional(),
});
const upload = z.strictObject({
  key: z.string().min(1),
  /** base64 */
  bytes: z.base64(),
  type: z.string().optional(),
});

/** The routes of the bucket's `/_control`; all times are ms. */
export function controlRoutes(deps: {
  name: BucketName;
  /** For an MPS stand-in in another process, which assumes the role. */
  serviceKeys: KeyPair;
  clock: StandInClock;
  settings: BucketSettings;
  faults: ArmedCosFaults;
  objects: Objects;
  records: readonly CosRequestRecord[];
}): ControlRoutes {
  const { name, serviceKeys, clock, settings, faults, objects, records } = deps;
  const times = () => ({ now: clock.now(), server: clock.server(), task: clock.task(), skew: clock.offset });
  return {
    'GET /bucket': () => ({ ...name, serviceKeys }),
    'GET /records': ({ query }) => records.filter(({ at }) => at >= Number(query.get('since') ?? 0)),
    'GET /objects': ({ query }) =>
      [...objects.all.values()]
        .filter(({ key }) => key.startsWith(query.get('prefix') ?? ''))
        .map((object) => summaryOf(object)),
    'POST /objects': ({ body }) => {
      const { key, bytes, type } = upload.parse(body);
      const object = { key, bytes: Buffer.from(bytes, 'base64'), ...(type !== undefined && { type }) };
      return summaryOf(objects.put(object));
    },
    'DELETE /objects': ({ query }) => {
      const key = query.get('key');
      if (key === null || !objects.get(key)) throw new ControlError(404, `there is no object ${key}`);
      objects.delete(key);
    },
    'GET /settings': () => settings.current,
    'PATCH /settings': ({ body }) => settings.updateFrom(body),
    'DELETE /settings': () => settings.reset(),
    'GET /faults': () => faults.list(),
    'POST /faults': ({ body }) => ({ id: faults.arm(faultSchema.parse(body)) }),
    'DELETE /faults': () => faults.clear(),
    'DELETE /faults/:id': ({ params: { id = '' } }) => {
      if (!faults.disarm(Number(id))) throw new ControlError(404, `there is no fault ${id}`);
    },
    'GET /clock': times,
    'POST /clock': ({ body }) => {
      const { skew, advance } = clockChange.parse(body);
      if (skew !== undefined) clock.skew(skew);
      if (advance !== undefined) clock.advance(advance);
      return times();
    },
  };
}

function summaryOf({ key, bytes, etag, type, modifiedAt }: StoredObject) {
  return { key, size: bytes.length, etag, type, modifiedAt };
}
