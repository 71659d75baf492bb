import { describe, expect, it } from 'vitest';
import type { FetchedFile } from '../../../../src/media/files.js';
import {
  FileRefusedError,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from '../../../../src/tasks/delivery/delivery-port.js';
import { createDeliveryRoutes } from '../../../../src/tasks/delivery/delivery-routes.js';
import { createLedger, type Ledger } from '../../../../src/tasks/ledger/ledger.js';
import type { Origin, State } from '../../../../src/tasks/model/task.js';
import { createFakeClock } from '../../../support/clock.js';
import { arrived, createFakeDelivery, wholePacking } from '../../../support/delivery.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

const file: FetchedFile = { path: '/spool/1', type: 'image/png', bytes: 9, sha256: 'ab' };
const day = 86_400_000;

/** A task whose outcome is to be delivered, with everything needed. */
async function setUp(changes: { origin?: Partial<Origin>; state?: State } = {}) {
  const clock = createFakeClock(noon);
  const table = createMemoryTable();
  const log = createCollectingLog();
  const ledger: Ledger = createLedger({ table, log, now: clock.now });
  await ledger.load();
  const task = aTask({ state: changes.state ?? states.delivering, origin: anOrigin(changes.origin) });
  await ledger.add(task);
  const delivery = createFakeDelivery();
  const stopping = new AbortController();
  const { handOver } = createDeliveryRoutes({
    ledger,
    delivery,
    log,
    now: clock.now,
    signal: stopping.signal,
    packing: wholePacking,
    run: (post) => post(),
    retryMs: 1,
  });
  return {
    clock,
    log,
    ledger,
    task,
    delivery,
    stopping,
    handOver: (until = noon + day) => handOver(task.id, [file], until),
    handOverFiles: (files: readonly FetchedFile[]) => handOver(task.id, files, noon + day),
    state: async () => (await ledger.find(task.id))?.state,
  };
}

const closed = () => Promise.reject(new RouteClosedError('closed'));
const trouble = () => Promise.reject(new Error('socket hang up'));

describe('the routes of an outcome', () => {
  it('start with the answer, and end there if it is accepted', async () => {
    const { handOver, delivery, state } = await setUp();
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer']);
    expect(delivery.seen[0]?.files).toEqual([file]);
    expect(await state()).toEqual({ name: 'delivered', posted: arrived, route: 'answer' });
  });

  it('continue with the channel and then a direct message while each is closed', async () => {
    const { handOver, delivery, state } = await setUp();
    delivery.onPost = (_, route) => (route === 'direct' ? Promise.resolve(arrived) : closed());
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer', 'channel', 'direct']);
    expect(await state()).toMatchObject({ name: 'delivered', route: 'direct' });
  });

  it.each([
    ['a private outcome', { private: true }],
    ['a channel Easel may not post in', { mayPostLater: false }],
  ])('pass over the channel for %s', async (_, origin) => {
    const { handOver, delivery } = await setUp({ origin });
    delivery.onPost = closed;
    expect(await handOver()).toBe(false);
    expect(delivery.posts()).toEqual(['answer', 'direct']);
  });

  it('skip the answer if its token has expired', async () => {
    const { handOver, delivery } = await setUp({ origin: { tokenExpiresAt: noon } });
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['channel']);
  });

  it('skip the answer if there never was a token', async () => {
    const { token: _token, tokenExpiresAt: _expires, ...origin } = anOrigin();
    const { handOver, delivery, ledger, task } = await setUp();
    await ledger.amend(task.id, origin);
    const without = await setUp({ origin: { token: '' } });
    expect(await without.handOver()).toBe(true);
    expect(without.delivery.posts()).toEqual(['channel']);
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer']);
  });

  it('end in nothing if all are closed: the outcome stays pending', async () => {
    const { handOver, delivery, ledger, task } = await setUp();
    delivery.onPost = closed;
    expect(await handOver()).toBe(false);
    expect(ledger.get(task.id)?.state.name).toBe('delivering');
  });

  it('are the same for a failure', async () => {
    const { handOver, delivery, state } = await setUp({ state: states.failed });
    delivery.onPost = (_, route) => (route === 'channel' ? Promise.resolve(arrived) : closed());
    expect(await handOver()).toBe(true);
    expect(await state()).toMatchObject({ name: 'failed', told: true, handover: { route: 'channel' } });
  });
});

describe('a refusal by Discord', () => {
  const files = [1, 2, 3].map((number): FetchedFile => ({ ...file, path: `/spool/${number}` }));
  const wordsRefused = () => Promise.reject(new WordsRefusedError('AutoMod'));

  it('of the text omits it from then on, and that is persisted first', async () => {
    const { handOver, delivery, ledger, task } = await setUp();
    delivery.onPost = ({ origin }) => (origin.wordless ? Promise.resolve(arrived) : wordsRefused());
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer', 'answer']);
    expect((await ledger.find(task.id))?.origin.wordless).toBe(true);
  });

  it('of the text although it was omitted closes the route, and nothing loops', async () => {
    const { handOver, delivery } = await setUp();
    delivery.onPost = wordsRefused;
    expect(await handOver()).toBe(false);
    expect(delivery.posts()).toEqual(['answer', 'answer', 'channel', 'direct']);
  });

  it('of one file of several omits each in turn until the rest is accepted', async () => {
    const { delivery, handOverFiles } = await setUp();
    delivery.onPost = async (_, __, posted) => {
      if (posted.some(({ path }) => path === '/spool/2')) throw new FileRefusedError('20009');
      return arrived;
    };
    expect(await handOverFiles(files)).toBe(true);
    expect(delivery.seen.filter(({ call }) => call === 'post').map((post) => post.files?.length)).toEqual([
      3, 2, 2,
    ]);
    const last = delivery.seen.findLast(({ call }) => call === 'post');
    expect(last?.files?.map(({ path }) => path)).toEqual(['/spool/1', '/spool/3']);
  });

  it('of all files delivers the outcome without them, after one try more than there are files', async () => {
    const { delivery, handOverFiles } = await setUp();
    delivery.onPost = async (_, __, posted) => {
      if (posted.length > 0) throw new FileRefusedError('20009');
      return arrived;
    };
    expect(await handOverFiles(files)).toBe(true);
    expect(delivery.posts()).toEqual(Array.from({ length: 5 }, () => 'answer'));
  });
});

describe('temporary trouble', () => {
  it('is waited out on the same route', async () => {
    const { handOver, delivery, log } = await setUp();
    let tries = 0;
    delivery.onPost = () => (++tries < 4 ? trouble() : Promise.resolve(arrived));
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer', 'answer', 'answer', 'answer']);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(3);
  });

  it('is waited out no longer than the token is valid', async () => {
    const { handOver, delivery, clock } = await setUp({ origin: { tokenExpiresAt: noon + 1_000 } });
    delivery.onPost = (_, route) => {
      if (route !== 'answer') return Promise.resolve(arrived);
      clock.pass(400);
      return trouble();
    };
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer', 'answer', 'answer', 'channel']);
  });

  it('is waited out no longer than there is time', async () => {
    const { handOver, delivery, clock } = await setUp();
    delivery.onPost = () => {
      clock.pass(day);
      return trouble();
    };
    expect(await handOver(noon + day)).toBe(false);
  });

  it('makes Easel check whether the post arrived after all, before it posts again', async () => {
    const { handOver, delivery, state } = await setUp();
    delivery.onPost = trouble;
    delivery.onSeek = async () => arrived;
    expect(await handOver()).toBe(true);
    expect(delivery.seen.map(({ call, route }) => [call, route])).toEqual([
      ['post', 'answer'],
      ['seek', 'answer'],
    ]);
    expect(await state()).toEqual({ name: 'delivered', posted: arrived, route: 'answer' });
  });

  it('makes Easel check once more before it leaves a route whose time is over', async () => {
    const { handOver, delivery, clock, state } = await setUp({ origin: { tokenExpiresAt: noon + 1_000 } });
    delivery.onPost = () => {
      clock.pass(1_000);
      return trouble();
    };
    delivery.onSeek = async (_, route) => (route === 'answer' ? arrived : undefined);
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer']);
    expect(await state()).toMatchObject({ name: 'delivered', route: 'answer' });
  });

  it('during the check itself does not lead to a second post', async () => {
    const { handOver, delivery } = await setUp();
    let looks = 0;
    delivery.onPost = trouble;
    delivery.onSeek = () => (++looks < 3 ? trouble() : Promise.resolve(arrived));
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer']);
    expect(looks).toBe(3);
  });
});

describe('an outcome being delivered at a restart', () => {
  const begun: State = { ...states.delivering, handover: { route: 'channel', tries: 1 } };

  it('is looked for where it was last posted, and is not posted again', async () => {
    const { handOver, delivery, state } = await setUp({ state: begun });
    delivery.onSeek = async () => arrived;
    expect(await handOver()).toBe(true);
    expect(delivery.seen.map(({ call, route }) => [call, route])).toEqual([
      ['seek', 'channel'],
      ['tidy', undefined],
    ]);
    expect(await state()).toEqual({ name: 'delivered', posted: arrived, route: 'channel' });
  });

  it('is looked for until Discord is available: meanwhile no other route repeats it', async () => {
    const { handOver, delivery, state } = await setUp({ state: begun });
    let looks = 0;
    delivery.onSeek = () => (++looks < 3 ? trouble() : Promise.resolve(arrived));
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual([]);
    expect(await state()).toMatchObject({ name: 'delivered', route: 'channel' });
  });

  it('is posted if it is not there', async () => {
    const { handOver, delivery } = await setUp({ state: begun, origin: { tokenExpiresAt: noon } });
    expect(await handOver()).toBe(true);
    expect(delivery.seen.map(({ call, route }) => [call, route])).toEqual([
      ['seek', 'channel'],
      ['seek', 'channel'],
      ['post', 'channel'],
      ['tidy', undefined],
    ]);
  });

  it('is not looked for if no post had begun', async () => {
    const { handOver, delivery } = await setUp();
    await handOver();
    expect(delivery.seen.some(({ call }) => call === 'seek')).toBe(false);
  });

  it('is counted on: the record says before each post that one begins', async () => {
    const { handOver, delivery, ledger, task } = await setUp({ state: begun });
    const recorded: unknown[] = [];
    delivery.onPost = async (given) => {
      recorded.push('handover' in given.state && given.state.handover);
      expect(ledger.get(task.id)).toEqual(given);
      return recorded.length < 2 ? trouble() : arrived;
    };
    await handOver();
    expect(recorded).toEqual([
      { route: 'answer', tries: 1, at: noon },
      { route: 'answer', tries: 2, at: noon },
    ]);
  });
});

describe('a Discord that accepts less than it said', () => {
  it('is given what fits, on the same route, until it accepts it', async () => {
    const { handOver, delivery, ledger, task, state } = await setUp();
    const limits: number[] = [];
    delivery.onPost = async (_task, _route, files) => {
      limits.push(delivery.limit);
      if (files.length === 0) return arrived;
      delivery.limit = 5;
      throw new TooLargeError();
    };
    delivery.limit = 9;
    expect(await handOver()).toBe(true);
    expect(delivery.posts()).toEqual(['answer', 'answer']);
    expect(limits).toEqual([9, 5]);
    expect(await state()).toMatchObject({ name: 'delivered', route: 'answer' });
    expect((await ledger.find(task.id))?.state.name).toBe('delivered');
  });
});

describe('a delivery ends', () => {
  it('if the outcome is too large even without its file: another route would not accept it either', async () => {
    const { handOver, delivery } = await setUp();
    delivery.onPost = () => Promise.reject(new TooLargeError());
    await expect(handOver()).rejects.toThrow(TooLargeError);
    expect(delivery.posts()).toEqual(['answer', 'answer']);
    expect(delivery.seen.map(({ files }) => files?.length)).toEqual([1, 0]);
  });

  it('on the signal: nothing is posted after it', async () => {
    const { handOver, delivery, stopping, ledger, task } = await setUp();
    delivery.onPost = () => {
      stopping.abort(new Error('stopping'));
      return trouble();
    };
    await expect(handOver()).rejects.toThrow('stopping');
    await expect(handOver()).rejects.toThrow('stopping');
    expect(delivery.posts()).toEqual(['answer']);
    expect(ledger.get(task.id)?.state).toMatchObject({ handover: { route: 'answer', tries: 1 } });
  });

  it('on the signal, and persists a post that is in flight', async () => {
    const { handOver, delivery, stopping, state } = await setUp();
    delivery.onPost = async () => {
      stopping.abort(new Error('stopping'));
      return arrived;
    };
    expect(await handOver()).toBe(true);
    expect(await state()).toMatchObject({ name: 'delivered' });
  });
});
