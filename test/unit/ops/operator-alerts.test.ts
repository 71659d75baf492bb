import { describe, expect, it } from 'vitest';
import type { Locale } from '../../../src/locales/index.js';
import { toMpsError } from '../../../src/mps/api/errors.js';
import { createNotices } from '../../../src/ops/operator-alerts.js';
import type { Reason } from '../../../src/store/store.js';
import type { Task } from '../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../support/log.js';
import { createMemoryTable } from '../../support/table.js';
import { aTask, states } from '../../support/tasks.js';
import { giveChance, until } from '../../support/until.js';

const action = 'CreateAigcImageTask';
const refused = (code: string) => toMpsError({ kind: 'refused', action, code, httpStatus: 200 });
const hour = 60 * 60_000;

function open(given = createMemoryTable()) {
  const posts: { content: string; nonce: string }[] = [];
  const log = createCollectingLog();
  const state = {
    posts,
    log,
    given,
    at: Date.UTC(2026, 10, 22),
    locale: 'en-US' as Locale,
    unreadable: 0,
    fault: undefined as Reason | undefined,
    tasks: [] as Task[],
    closed: false,
  };
  const notices = createNotices({ log, now: () => state.at, everyMs: 2, manyRefusals: 3 });
  notices.start({
    given,
    ledger: { unfinished: () => state.tasks, unreadable: () => state.unreadable },
    store: { fault: () => state.fault },
    operatorChannel: {
      locale: async () => state.locale,
      async post(content, nonce) {
        if (state.closed) throw new Error('Missing Access');
        posts.push({ content, nonce });
      },
    },
  });
  return Object.assign(state, { notices, said: () => posts.map(({ content }) => content) });
}

describe('the operator', () => {
  it('is alerted once that records could not be read', async () => {
    const bench = open();
    bench.unreadable = 3;
    await until('it is said', () => bench.posts.length === 1);
    expect(bench.said()[0]).toContain("couldn't read 3 order records");
    bench.at += 3 * 60 * 60_000;
    await giveChance(30);
    expect(bench.posts).toHaveLength(1);
  });

  it('is alerted once an hour that the key is refused, and of other kinds beside it', async () => {
    const bench = open();
    for (let time = 0; time < 50; time++)
      bench.notices.request(action, refused('AuthFailure.SignatureFailure'), 1);
    bench.notices.request(action, refused('OperationDenied'), 1);
    await until('both are said', () => bench.posts.length === 2);
    expect(bench.said()[0]).toContain('rejects the API key (AuthFailure.SignatureFailure)');
    expect(bench.said()[1]).toContain('in arrears (OperationDenied)');
    bench.at += hour + 1;
    bench.notices.request(action, refused('AuthFailure.SignatureFailure'), 1);
    await until('it is said again', () => bench.posts.length === 3);
    expect(new Set(bench.posts.map(({ nonce }) => nonce)).size).toBe(3);
    for (const { nonce } of bench.posts) expect(nonce.length).toBeLessThanOrEqual(25);
    await bench.notices.stop();
  });

  it("is alerted that MPS is not switched on, that the account is full, and that MPS can't fetch pictures", async () => {
    const bench = open();
    bench.notices.request(action, refused('FailedOperation.InvalidMpsUser'), 1);
    const detail = 'over the maximum concurrency';
    const code = 'RequestLimitExceeded';
    const full = toMpsError({ kind: 'refused', action, code, httpStatus: 200, detail });
    bench.notices.request(action, full, 1);
    const state = { ...states.failed, failure: { reason: 'unsuccessful.fetch' } } as const;
    bench.notices.task(aTask({ state }), 'failed');
    await until('all are said', () => bench.posts.length === 3);
    expect(bench.said()[0]).toMatch(/InvalidMpsUser.*\/mps/);
    expect(bench.said()[1]).toMatch(/MAX_IMAGE_TASKS/);
    expect(bench.said()[2]).toMatch(/COS_BUCKET.*ap-singapore/);
    await bench.notices.stop();
  });

  it('is not alerted of temporary trouble, or of what is a user’s own affair', async () => {
    const bench = open();
    for (const code of ['RequestLimitExceeded', 'InternalError', 'InvalidParameter', 'ResourceInsufficient'])
      bench.notices.request(action, refused(code), 1);
    bench.notices.request(action, undefined, 1);
    await bench.notices.stop();
    expect(bench.posts).toEqual([]);
  });

  it('is alerted that the store fails and that links are about to expire, in the language of the server', async () => {
    const bench = open();
    bench.locale = 'zh-CN';
    bench.fault = 'full';
    const risky = { ...states.fetching, linksExpireAt: bench.at + 50 * 60_000 };
    const safe = { ...states.fetching, linksExpireAt: bench.at + 2 * hour };
    bench.tasks = [aTask({ state: risky }), aTask({ state: safe }), aTask({ state: states.queued })];
    await until('both are said', () => bench.posts.length === 2);
    expect(bench.said()[0]).toMatch(/无法写入存储（full）/);
    expect(bench.said()[1]).toMatch(/有 1 个已付费的结果.*<t:\d+:R>/);
    await bench.notices.stop();
  });

  it('is alerted once of a result whose links expire, and no more once they have: it is kept for its user', async () => {
    const bench = open();
    const kept = { ...states.delivering, handover: { route: 'kept', tries: 0 } } as const;
    bench.tasks = [aTask({ state: { ...kept, linksExpireAt: bench.at + hour - 1 } })];
    await until('it is said', () => bench.posts.length === 1);
    for (let minutes = 0; minutes < 5 * 60; minutes += 10) {
      await giveChance(4);
      bench.at += 10 * 60_000;
    }
    await bench.notices.stop();
    expect(bench.said()).toEqual([expect.stringContaining('paid for')]);
  });

  it('is alerted what to do if this machine resolves a host to an internal address, once an hour', async () => {
    const bench = open();
    for (let time = 0; time < 5; time++) bench.notices.misresolved('results-1.cos.ap-guangzhou.myqcloud.com');
    await until('it is said', () => bench.posts.length === 1);
    expect(bench.said()[0]).toMatch(/results-1\.cos\.ap-guangzhou\.myqcloud\.com.+public DNS server/);
    bench.at += hour + 1;
    bench.notices.misresolved('results-1.cos.ap-guangzhou.myqcloud.com');
    await bench.notices.stop();
    expect(bench.posts).toHaveLength(2);
  });

  it('is alerted when moderation refuses many within an hour', async () => {
    const bench = open();
    const task = aTask({ state: { ...states.failed, failure: { reason: 'moderation' } } });
    for (let time = 0; time < 2; time++) bench.notices.task(task, 'failed');
    bench.at += hour;
    for (let time = 0; time < 3; time++) bench.notices.task(task, 'failed');
    await until('it is said', () => bench.posts.length === 1);
    expect(bench.said()[0]).toContain('rejected 3 requests');
    await bench.notices.stop();
  });

  it('is not alerted again by another process or after a restart', async () => {
    const given = createMemoryTable();
    const counts: number[] = [];
    for (const bench of [open(given), open(given)]) {
      bench.notices.request(action, refused('OperationDenied'), 1);
      await bench.notices.stop();
      counts.push(bench.posts.length);
    }
    expect(counts).toEqual([1, 0]);
  });

  it('finds in the log what could not be posted', async () => {
    const bench = open();
    bench.closed = true;
    bench.notices.request(action, refused('OperationDenied'), 1);
    await bench.notices.stop();
    expect(bench.log.lines).toMatchObject([
      {
        level: 'error',
        details: { notice: 'arrears', code: 'OperationDenied' },
        message: 'the operator could not be alerted',
      },
    ]);
  });
});
