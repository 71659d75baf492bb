import { describe, expect, it } from 'vitest';
import type { Facts } from '../../chaos/facts.js';
import { type Fault, judge, type Sights } from '../../chaos/judge.js';
import { aCreate, anOrder, anOutcome, facts, through } from '../../support/chaos.js';

const way = ['received', 'queued', 'submitting', 'running', 'fetching', 'delivering', 'delivered'] as const;
const delivered = through(way);
const { userId } = anOrder();

const inWords = (content: string) => anOutcome({ content, attachments: [] });
const failure = inWords('MPS could not make this.');

/** A picture that was made and has arrived, unless overridden. */
function faultsOf(what: Partial<Facts> = {}, sights: Partial<Sights> = {}): readonly Fault[] {
  const known = facts({ task: delivered, creates: [aCreate({ reportedAt: 300 })], ...what });
  const all = {
    accepted: true,
    waiting: 1,
    outcomes: [anOutcome()],
    posted: 'file',
    received: ['file'],
    made: ['file'],
    told: ['file'],
  };
  return judge(known, { ...all, ...sights }).faults;
}

const aReason = { messageId: '9', guildId: '2', visibleTo: userId, outcome: 'interrupted', at: 1 };
const nothing = { outcomes: [], posted: undefined, received: [undefined] };

describe('chaos finds', () => {
  it('nothing wrong with a picture that was made and has arrived', () => {
    expect(faultsOf()).toEqual([]);
  });

  it.each<[Fault, string, Partial<Facts>, Partial<Sights>]>([
    ['lost', 'no outcome is shown', {}, nothing],
    [
      'stuck',
      'a task that does not continue',
      { task: through(['received', 'queued', 'submitting', 'running']) },
      nothing,
    ],
    ['doubled create', 'two for one waiting user', { creates: [aCreate(), aCreate()] }, {}],
    [
      'doubled create',
      'two for two waiting users, of whom one was never submitted',
      {
        creates: [aCreate(), aCreate()],
        same: [delivered, through(['received', 'queued', 'cancelled'])],
      },
      { waiting: 2, received: ['file', 'file'] },
    ],
    ['create for no one', 'no user waits', {}, { waiting: 0 }],
    [
      'create for no one',
      'one that returned to the queue, and was cancelled there',
      {
        task: through(['received', 'queued', 'submitting', 'queued', 'cancelled']),
        order: anOrder({ wish: 'callOff' }),
      },
      {},
    ],
    ['doubled answer', 'two messages', {}, { outcomes: [anOutcome(), anOutcome({ id: '25' })] }],
    ['doubled answer', 'a reason that was shown twice', { reasons: [aReason, aReason] }, {}],
    ['shown to others', 'a reason that others see', { reasons: [{ ...aReason, visibleTo: undefined }] }, {}],
    ['wrong bytes', 'a file that MPS did not make', {}, { posted: 'other' }],
    ['wrong failure', 'a sentence without a cause', {}, { outcomes: [failure] }],
    ['other than written', 'a failure, while the ledger says delivered', {}, { outcomes: [failure] }],
    [
      'other than written',
      'a picture, while the ledger says failed',
      { task: through(['received', 'submitting', 'failed'], { failed: 'unsuccessful' }) },
      {},
    ],
    ['other than written', 'an outcome of no task', { task: undefined }, {}],
    ['other than written', 'a message that is not the one', {}, { outcomes: [anOutcome({ id: '25' })] }],
    ['made in vain', 'a result that no one received', {}, { received: [undefined] }],
    [
      'made in vain',
      'the second of two results',
      { creates: [aCreate({ reportedAt: 1 }), aCreate({ reportedAt: 2 })] },
      { told: ['file', 'other'] },
    ],
    [
      'choice not kept',
      'a result that arrived although it was dismissed for discarding',
      { task: through(way, { release: { wish: 'drop', by: 'asker' } }) },
      {},
    ],
    ['wrong quota', 'a result that is billed and not counted', { task: unmade() }, {}],
    [
      'pinged others',
      'a mention of another user',
      {},
      { outcomes: [anOutcome({ notified: [userId, '9'] })] },
    ],
    [
      'shown to others',
      'a private outcome in the channel, if only for a while',
      {
        order: anOrder({ secret: true }),
        seen: [{ messageId: '9', guildId: '2', visibleTo: undefined, outcome: 'delivered', at: 1 }],
      },
      {},
    ],
  ])('%s: %s', (fault, _name, what, sights) => {
    expect(faultsOf(what, sights)).toContain(fault);
  });

  it.each<[string, Partial<Facts>, Partial<Sights>]>([
    [
      'two creates for two who wait',
      { creates: [aCreate(), aCreate()], same: [delivered, through(way)] },
      { waiting: 2 },
    ],
    [
      'an order that Discord did not take',
      { task: undefined, creates: [] },
      { ...nothing, accepted: false, told: [] },
    ],
    [
      'a result that was dropped as wished',
      {
        task: through(['received', 'queued', 'submitting', 'running', 'discarded'], {
          release: { wish: 'drop', by: 'asker' },
          made: { billed: 1 },
        }),
        order: anOrder({ wish: 'letGo' }),
      },
      { ...nothing, accepted: false },
    ],
    [
      'a private outcome for its user',
      {
        order: anOrder({ secret: true }),
        seen: [{ messageId: '24', guildId: '2', visibleTo: userId, outcome: 'delivered', at: 1 }],
      },
      { outcomes: [anOutcome({ visibleTo: userId, notified: [userId] })] },
    ],
  ])('nothing wrong with %s', (_name, what, sights) => {
    expect(faultsOf(what, sights)).toEqual([]);
  });
});

/** It was reported done, and yet its record says that nothing was made. */
function unmade() {
  return through(['received', 'queued', 'submitting', 'running', 'failed'], { made: { billed: 2 } });
}
