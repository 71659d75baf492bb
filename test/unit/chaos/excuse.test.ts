import type { RequestRecord } from '@easel/mps-stand-in';
import { describe, expect, it } from 'vitest';
import { isExcused, isRepeatedUnseen, outcomeIn } from '../../chaos/excuse.js';
import type { Create, Facts } from '../../chaos/facts.js';
import { brokenDownloads, closedCdn, deadLinks, lateLinks, modelError } from '../../chaos/troubles.js';
import { aCreate, anOrder, facts, mpsUrl, through } from '../../support/chaos.js';
import { anOrigin } from '../../support/tasks.js';

/** Steps of `through` are 100 ms apart, from 0 on: `submitting` is the third, at 200. */
const lost = through(['received', 'queued', 'submitting', 'failed']);
const running = through(['received', 'queued', 'submitting', 'running', 'failed']);
const unanswered = through(['received', 'failed'], { origin: anOrigin({ acknowledged: false }) });

function aRequest(changes: Partial<RequestRecord>): RequestRecord {
  return { at: 250, action: 'CreateAigcImageTask', code: 'reset', latency: 1, ...changes };
}

/** MPS made nothing of it, and reported so. */
function failed(failure: string, sources: readonly string[] = []): Create {
  return aCreate({ status: 'FAIL', failure, sources });
}

const itsOwn = `${mpsUrl}/results/4-AigcImage-1.png?sign=1-2`;
const hosted = 'http://127.0.0.1:9/ephemeral-attachments/1/2/start.png';
const ran = ['received', 'queued', 'submitting', 'running', 'failed'] as const;
const moved = through([...ran], { failed: 'unsuccessful' });
const unfetched = through([...ran], { failed: 'unsuccessful.fetch' });

describe('chaos does not excuse a failure by a kill or a fault if a task could have continued', () => {
  it.each<[string, string, Partial<Facts>]>([
    ['running at MPS, ended at the start', 'interrupted', { task: running, deaths: [350] }],
    ['waiting, ended at the start', 'interrupted', { task: through(['received', 'queued', 'failed']) }],
    ['no process died while it was being submitted', 'interrupted', { task: lost, deaths: [199, 301] }],
    ['a kill, but a Create without an answer is reported', 'uncertain', { task: lost, deaths: [250] }],
    ['a Create that was lost, but in no death', 'interrupted', { task: lost, requests: [aRequest({})] }],
    ['no record', 'interrupted', { deaths: [250] }],
    ['a Create that was answered', 'uncertain', { task: lost, requests: [aRequest({ code: 'OK' })] }],
    ['a Create that was refused', 'uncertain', { task: lost, requests: [aRequest({ code: 'AuthFailure' })] }],
    ['another one, before', 'uncertain', { task: lost, requests: [aRequest({ at: 199 })] }],
    ['another one, after', 'uncertain', { task: lost, requests: [aRequest({ at: 301 })] }],
    [
      'another one, of a clip',
      'uncertain',
      { task: lost, requests: [aRequest({ action: 'CreateAigcVideoTask' })] },
    ],
    [
      'another one, which made what another user asked for',
      'uncertain',
      { task: lost, creates: [aCreate()], requests: [aRequest({ taskId: 'another' })] },
    ],
    ['waiting, cancelled by no one', 'cancelled', { task: through(['received', 'queued', 'cancelled']) }],
    [
      'cancelled after it was submitted',
      'cancelled',
      {
        task: through(['received', 'queued', 'submitting', 'cancelled']),
        order: anOrder({ wish: 'callOff' }),
      },
    ],
    [
      'a clip whose picture arrived',
      'cancelled',
      {
        task: through(['received', 'held', 'cancelled']),
        order: anOrder({ part: 101 }),
        picture: through([
          'received',
          'queued',
          'submitting',
          'running',
          'fetching',
          'delivering',
          'delivered',
        ]),
      },
    ],
    ['made at MPS, and said to have failed there', 'unsuccessful', { task: moved, creates: [aCreate()] }],
    [
      'failed at MPS, with a message that says too much',
      'unsuccessful',
      { task: moved, same: [moved, moved], creates: [failed(modelError), aCreate()] },
    ],
    [
      'a picture that Easel hosted, and removed too soon',
      'unsuccessful.fetch',
      {
        task: unfetched,
        creates: [failed('download failed: HTTP 404', [hosted])],
        troubles: new Set([lateLinks]),
      },
    ],
    [
      'a picture of a kind that MPS does not take',
      'unsuccessful',
      { task: moved, creates: [failed('input image is webp: expected jpeg or png under 10 MB', [itsOwn])] },
    ],
    [
      'a dead link to a result of MPS, without troubles',
      'unsuccessful.fetch',
      { task: unfetched, creates: [failed('download failed: HTTP 404', [itsOwn])] },
    ],
    [
      'the same with other troubles',
      'unsuccessful.fetch',
      {
        task: unfetched,
        creates: [failed('download failed: HTTP 404', [itsOwn])],
        troubles: new Set([deadLinks, brokenDownloads]),
      },
    ],
    [
      'a link that was late',
      'expired',
      { task: through(['received', 'running', 'fetching', 'failed']), troubles: new Set([deadLinks]) },
    ],
    ['a prompt that MPS accepts', 'moderation', { task: lost }],
    [
      'a prompt with a result',
      'moderation',
      { task: lost, order: anOrder({ prompt: 'a forbidden fox' }), creates: [aCreate()] },
    ],
    ['an answer that is there', 'unanswered', { task: unanswered, answered: true }],
    [
      'an answer lost from sight only later',
      'unanswered',
      { task: unanswered, answered: true, blindSince: 101 },
    ],
    [
      'an answer that Easel had confirmed',
      'unanswered',
      { task: through(['received', 'failed']), answered: true, blindSince: 50 },
    ],
    [
      'a message: it has no token',
      'unanswered',
      { task: unanswered, order: anOrder({ byMessage: true }), answered: false },
    ],
    ['a defect', 'internal', { task: through(['received', 'queued', 'failed']), deaths: [150] }],
    [
      'a result discarded without a request',
      'discarded.asker',
      { task: through(['received', 'running', 'discarded']) },
    ],
    [
      'a result that arrived although it was dismissed for discarding',
      'discarded.asker',
      { task: through(['received', 'delivered']), order: anOrder({ wish: 'letGo' }) },
    ],
    ['an unknown text', 'of no known text', { task: lost, deaths: [250] }],
  ])('%s', (_name, outcome, what) => {
    expect(isExcused(outcome, facts(what))).toBe(false);
  });
});

describe('chaos excuses', () => {
  it.each<[string, string, Partial<Facts>]>([
    ['a Create that a process died over', 'interrupted', { task: lost, deaths: [250] }],
    ['a Create that MPS did not answer', 'uncertain', { task: lost, requests: [aRequest({ code: '502' })] }],
    [
      'the same, with a result',
      'uncertain',
      { task: lost, creates: [aCreate()], requests: [aRequest({ code: 'InternalError', taskId: 'mps-1' })] },
    ],
    [
      'a task that its user cancelled',
      'cancelled',
      { task: through(['received', 'queued', 'cancelled']), order: anOrder({ wish: 'callOff' }) },
    ],
    [
      'a clip whose picture did not arrive',
      'cancelled',
      { task: through(['received', 'held', 'cancelled']), order: anOrder({ part: 101 }), picture: lost },
    ],
    ['a task that failed at MPS', 'unsuccessful', { task: moved, creates: [failed(modelError, [hosted])] }],
    ...[
      ['HTTP 403', deadLinks],
      ['HTTP 404', lateLinks],
      ['terminated', brokenDownloads],
    ].map(([words = '', trouble = '']): [string, string, Partial<Facts>] => [
      `what MPS could not read again of its own: ${words}`,
      'unsuccessful.fetch',
      {
        task: unfetched,
        creates: [failed(`download failed: ${words}`, [itsOwn])],
        troubles: new Set([trouble]),
      },
    ]),
    [
      'a picture that Discord did not serve for a moment',
      'unsuccessful.fetch',
      {
        task: unfetched,
        creates: [failed('download failed: HTTP 403', [hosted])],
        troubles: new Set([closedCdn]),
      },
    ],
    [
      'a prompt that MPS refuses',
      'moderation',
      { task: lost, order: anOrder({ prompt: 'a forbidden fox' }) },
    ],
    ['an answer that Discord never accepted', 'unanswered', { task: unanswered, answered: false }],
    ['an answer out of sight', 'unanswered', { task: unanswered, answered: true, blindSince: 100 }],
    [
      'a dismissed task',
      'discarded.asker',
      { task: through(['received', 'running', 'discarded']), order: anOrder({ wish: 'letGo' }) },
    ],
  ])('%s', (_name, outcome, what) => {
    expect(isExcused(outcome, facts(what))).toBe(true);
  });
});

describe("a task's outcome in the ledger", () => {
  it('is nothing as long as it is in progress', () => {
    expect(outcomeIn(undefined)).toBeUndefined();
    expect(outcomeIn(through(['received', 'running']))).toBeUndefined();
  });
  it('is its end in the words shown to users', () => {
    expect(outcomeIn(through(['received', 'cancelled']))).toBe('cancelled');
    expect(outcomeIn(moved)).toBe('unsuccessful');
    const dropped = through(['running', 'discarded'], { release: { wish: 'drop', by: 'asker' } });
    expect(outcomeIn(dropped)).toBe('discarded.asker');
  });
});

describe('a repeated outcome', () => {
  const first = { messageId: 'answer', guildId: '2', visibleTo: undefined, outcome: 'delivered', at: 500 };
  const direct = { ...first, messageId: '7', guildId: undefined, at: 700 };
  const collected = { ...first, messageId: '8', visibleTo: anOrder().userId, at: 700 };
  const unseen: Partial<Facts> = { answer: 'answer', blindSince: 600 };

  it.each([
    ['in a direct message', direct],
    ['as the answer to a user who collected it', collected],
  ])('is excused %s, where the answer went out of sight', (_where, second) => {
    expect(isRepeatedUnseen(facts({ ...unseen, seen: [first, second] }))).toBe(true);
  });

  it.each<[string, Partial<Facts>]>([
    ['if Easel could look', { blindSince: undefined, seen: [first, direct] }],
    ['before the answer went out of sight', { blindSince: 701, seen: [first, direct] }],
    ['twice in direct messages', { seen: [direct, { ...direct, messageId: '9' }] }],
    ['in the channel, for everyone', { seen: [first, { ...first, messageId: '9', at: 700 }] }],
    [
      'twice in the channel',
      {
        seen: [
          { ...first, messageId: '9' },
          { ...first, messageId: '10' },
        ],
      },
    ],
    ['a third time', { seen: [first, direct, collected] }],
    ['in other words', { seen: [first, { ...direct, outcome: 'interrupted' }] }],
    ['in other words in the answer itself', { seen: [first, { ...first, outcome: 'interrupted', at: 700 }] }],
    ['for another user', { seen: [first, { ...collected, visibleTo: '99' }] }],
  ])('is not excused %s', (_name, what) => {
    expect(isRepeatedUnseen(facts({ ...unseen, ...what }))).toBe(false);
  });
});
