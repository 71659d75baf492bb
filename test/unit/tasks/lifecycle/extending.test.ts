import { describe, expect, it } from 'vitest';
import { ClipRefusedError, type Clips } from '../../../../src/media/clips/clip-types.js';
import type { FetchedFile } from '../../../../src/media/files.js';
import type { VideoRequest } from '../../../../src/mps/generation-request.js';
import { AttemptsSpentError } from '../../../../src/tasks/ledger/attempts.js';
import {
  createExtending,
  type Extending,
  type ExtendingDeps,
} from '../../../../src/tasks/lifecycle/extending/extending.js';
import { withLastFrames } from '../../../../src/tasks/lifecycle/extending/last-frames.js';
import type { TaskId } from '../../../../src/tasks/model/task.js';
import type { Preparation } from '../../../../src/tasks/sources/source-preparation.js';
import { createCollectingLog } from '../../../support/log.js';
import { aTask } from '../../../support/tasks.js';

const { signal } = new AbortController();
const before = '1146000000000000021:1' as const;
const request: VideoRequest = {
  kind: 'video',
  model: 'kling-3.0',
  prompt: 'she walks on',
  enhance: false,
  duration: 5,
  extends: { task: before, seconds: 5 },
};
const task = aTask({ request });
const part: FetchedFile = { path: '/spool/part', type: 'video/mp4', bytes: 9, sha256: 'ab' };

function extendingWith(changes: Partial<ExtendingDeps>): Extending {
  const none = async () => undefined;
  return createExtending({
    ledger: { find: none },
    originals: { find: async () => [{ file: { ...part, path: '/spool/first' } }], release: async () => {} },
    delivery: { copy: none },
    download: async () => part,
    clips: {} as Clips,
    decoder: { header: none, convert: none },
    spool: { newPath: () => '/spool/new', remove: async () => {} },
    log: createCollectingLog(),
    ...changes,
  });
}

describe('a new part that can no longer be joined', () => {
  const refusing = (refusal: 'heavy' | 'unconverted') =>
    ({
      join: async () => {
        throw new ClipRefusedError(refusal);
      },
    }) as unknown as Clips;
  const ledger = { find: async () => aTask({ id: before }) };

  it.each([
    ['gone', {}],
    ['gone', { ledger: { find: async () => aTask({ id: before, purge: 'done' as const }) } }],
    ['failed', { ledger, clips: refusing('heavy') }],
    ['unavailable', { ledger, clips: refusing('unconverted') }],
  ] as const)('is delivered alone, since the rest is %s', async (missing, changes) => {
    const extending = extendingWith(changes);
    expect(await extending.join(task, part, { signal })).toEqual({ whole: { missing } });
  });
});

describe('the first frame of a clip that goes on', () => {
  const hosted = { url: 'https://cdn.discordapp.com/frame.png', hostedAs: '7' };
  const image = { path: '/spool/frame', type: 'image/png', bytes: 9, converted: true } as const;

  function preparationWith(
    extending: Extending | undefined,
    maxSeconds = 60,
    attempt: <T>(id: TaskId, work: () => Promise<T>) => Promise<T> = (_id, work) => work(),
  ): Preparation {
    return withLastFrames({
      preparation: { prepare: async (one: typeof task) => one.request } as unknown as Preparation,
      extending,
      maxSeconds,
      hosting: { host: async () => [hosted] } as never,
      sources: { release: async () => {} },
      attempt,
      signal,
      now: () => 0,
    });
  }
  const extending = { lastFrame: async () => ({ image, seconds: 5 }) } as unknown as Extending;

  it('is taken while the order is prepared, whatever frame it had before', async () => {
    const stale = { ...request, image: { url: 'https://cdn.discordapp.com/stale.png', name: 'stale.png' } };
    const prepared = await preparationWith(extending).prepare({ ...task, request: stale });
    expect(prepared).toMatchObject({ image: { ...hosted, type: 'image/png' }, extends: { task: before } });
  });

  it('is not taken a third time if processes died over it twice, which is said', async () => {
    const spent = () => Promise.reject(new AttemptsSpentError('sources'));
    await expect(preparationWith(extending, 60, spent).prepare(task)).rejects.toMatchObject({
      reason: 'broken',
    });
  });

  it('of a clip that a user handed in: what is wrong with the file is said', async () => {
    const allowed = ['mp4', 'mov'];
    const unknown = async () => {
      throw new ClipRefusedError('unknown', { allowed });
    };
    const fits = async () => ({ kind: 'fits' });
    const clips = { inspect: fits, lastFrame: unknown } as unknown as Clips;
    const clip = { url: 'https://cdn.discordapp.com/text.mp4', name: 'text.mp4', refer: 'base' } as const;
    const handedIn = aTask({ request: { ...request, extends: { clip } } });
    const ledger = { find: async () => aTask({ id: before }) };
    const extending = extendingWith({ clips, ledger });
    await expect(extending.lastFrame(handedIn, { signal })).rejects.toMatchObject({
      reason: 'clip.unknown',
      params: { allowed, name: 'text.mp4' },
    });
    await expect(extending.lastFrame(task, { signal })).rejects.toMatchObject({ reason: 'broken' });
    const params = { width: 320, height: 180, min: 256, max: 5_760 };
    const small = { ...clips, inspect: async () => ({ kind: 'refuse', refusal: 'pixels', params }) } as Clips;
    await expect(extendingWith({ clips: small }).lastFrame(handedIn, { signal })).rejects.toMatchObject({
      reason: 'clip.pixels',
      params: { ...params, name: 'text.mp4' },
    });
  });

  it('is not taken if the whole would be too long, or nothing can be joined', async () => {
    await expect(preparationWith(extending, 9).prepare(task)).rejects.toMatchObject({
      reason: 'tooLong',
      params: { whole: 10, max: 9 },
    });
    await expect(preparationWith(undefined).prepare(task)).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
