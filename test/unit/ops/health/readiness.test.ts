import { describe, expect, it } from 'vitest';
import type { ShardState } from '../../../../src/discord/gateway/shard-status.js';
import { toMpsError } from '../../../../src/mps/api/errors.js';
import { createMpsProbe } from '../../../../src/ops/health/mps-probe.js';
import { createReadiness, type ReadinessDeps } from '../../../../src/ops/health/readiness.js';
import { createLogContext } from '../../../../src/ops/log-context.js';
import { createCollectingLog } from '../../../support/log.js';
import { anOrigin, aTask, states } from '../../../support/tasks.js';

const action = 'DescribeAigcImageTask';
const answer = toMpsError({ kind: 'refused', action, code: 'InvalidParameterValue.TaskId', httpStatus: 200 });
const cut = toMpsError({
  kind: 'network',
  action,
  written: false,
  cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
});
const mps = { describe: async () => undefined };

describe('/readyz', () => {
  const shard = (id: number, status = 'ready'): ShardState => ({ id, status, connected: status === 'ready' });
  const read = (changes: Partial<ReadinessDeps>) =>
    createReadiness({
      shards: () => [shard(0), shard(1)],
      store: { healthy: async () => true },
      reach: { trouble: async () => undefined },
      mps,
      storeMs: 20,
      ...changes,
    })();

  it('is green while all is well', async () => {
    expect(await read({})).toEqual({
      ready: true,
      checks: { gateway: { ok: true }, store: { ok: true }, mps: { ok: true } },
    });
  });

  it('is red while one shard of many is down, and names it', async () => {
    const { ready, checks } = await read({ shards: () => [shard(4), shard(5, 'resuming')] });
    expect(ready).toBe(false);
    expect(checks.gateway).toEqual({ ok: false, detail: 'shard 5 is resuming' });
  });

  it('is red before there is any shard', async () => {
    expect((await read({ shards: () => [] })).checks.gateway?.ok).toBe(false);
  });

  it('is red while the store fails, or does not answer in time', async () => {
    const never = () => new Promise<boolean>(() => {});
    for (const healthy of [async () => false, never])
      expect((await read({ store: { healthy } })).checks.store).toEqual({
        ok: false,
        detail: 'the store cannot be written',
      });
  });

  it('is red while MPS does not answer', async () => {
    const { checks } = await read({ reach: { trouble: async () => 'ECONNREFUSED' } });
    expect(checks.mps).toEqual({ ok: false, detail: 'MPS does not answer: ECONNREFUSED' });
  });
});

describe('the MPS probe', () => {
  /** A client whose queries end as instructed, and are seen as by the limiter. */
  function bench(outcome: { error: unknown }) {
    const state = { at: 1_000_000, asked: 0 };
    const reach = createMpsProbe(() => state.at);
    const client = {
      async describe() {
        state.asked++;
        reach.request(action, outcome.error, 1);
        throw outcome.error;
      },
    };
    return Object.assign(state, { reach, trouble: () => reach.trouble(client) });
  }

  it('uses the bot’s own requests, and then sends none', async () => {
    const state = bench({ error: cut });
    state.reach.request(action, undefined, 1);
    expect(await state.trouble()).toBeUndefined();
    expect(state.asked).toBe(0);
  });

  it('sends a query if there were none for a while: a refusal counts as an answer', async () => {
    const state = bench({ error: answer });
    expect(await state.trouble()).toBeUndefined();
    expect(await state.trouble()).toBeUndefined();
    expect(state.asked).toBe(1);
  });

  it.each([
    [502, 'Http502'],
    [404, 'Http404'],
    [200, 'UnreadableAnswer'],
  ])('is denied where a page that is not MPS’s comes in its place, HTTP %i', async (httpStatus, code) => {
    const state = bench({ error: toMpsError({ kind: 'unreadable', action, httpStatus }) });
    expect(await state.trouble()).toBe(code);
  });

  it('reports what went wrong, and queries again no sooner than in half a minute', async () => {
    const outcome: { error: unknown } = { error: cut };
    const state = bench(outcome);
    expect(await Promise.all([state.trouble(), state.trouble()])).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    expect(state.asked).toBe(1);
    state.at += 30_000;
    outcome.error = answer;
    expect(await state.trouble()).toBeUndefined();
    expect(state.asked).toBe(2);
  });
});

describe('a log line', () => {
  it('has guild and shard of its task, by the task, its event or MPS’s id for it, and the request id of an error', () => {
    const log = createCollectingLog();
    const places = createLogContext({ shardCount: () => 16 });
    // (175928847299117063 >> 22) % 16 = 8 (Discord docs: Gateway, "Sharding").
    const task = aTask({
      id: '900:1',
      origin: anOrigin({ guildId: '175928847299117063' }),
      state: { ...states.running, mpsTaskId: 'mps-9' },
    });
    places.task(task);
    const located = places.locate(log);
    located.info({ task: '900:1' }, 'one');
    located.warn({ event: '900' }, 'two');
    located.error(
      {
        mpsTaskId: 'mps-9',
        err: toMpsError({ kind: 'refused', action, code: 'X', httpStatus: 200, requestId: 'r-1' }),
      },
      'three',
    );
    located.debug({ task: 'unknown:1' }, 'four');
    const where = {
      task: '900:1',
      guild: '175928847299117063',
      shard: Number((175928847299117063n >> 22n) % 16n),
    };
    expect(log.lines.map(({ details }) => details)).toMatchObject([
      where,
      where,
      { ...where, requestId: 'r-1' },
      {},
    ]);
    expect(log.lines[3]?.details).toEqual({ task: 'unknown:1' });
  });
});
