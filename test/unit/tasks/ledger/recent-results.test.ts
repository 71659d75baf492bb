import { describe, expect, it } from 'vitest';
import { createRecent } from '../../../../src/tasks/ledger/recent-results.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { emptied } from '../../../../src/tasks/model/task-record.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

const here = anOrigin();
const elsewhere = anOrigin({ guildId: '1100000000000000077' });
/** A posted result, so many ms after noon. */
const posted = (after = 0, changes: Partial<Task> = {}) =>
  aTask({ state: states.delivered, history: [{ state: 'delivered', at: noon + after }], ...changes });
const idsOf = (recent: ReturnType<typeof createRecent>, place = here, since = 0) =>
  recent.results(place, since).map(({ id }) => id);

describe('recent results', () => {
  it('are listed with the newest first, however the ledger was read', () => {
    const recent = createRecent();
    const tasks = [posted(2), posted(3), posted(1)];
    for (const task of tasks) recent.note(task);
    expect(idsOf(recent)).toEqual([tasks[1]?.id, tasks[0]?.id, tasks[2]?.id]);
    expect(idsOf(recent, here, noon + 2)).toEqual([tasks[1]?.id]);
  });

  it('drop those older than the look-back, with the places that become empty', () => {
    const recent = createRecent();
    const [old, young] = [posted(1), posted(9)];
    for (const task of [old, young, posted(1, { origin: elsewhere })]) recent.note(task);
    recent.prune(noon + 5);
    expect(idsOf(recent)).toEqual([young.id]);
    expect(recent.models(elsewhere)).toEqual([]);
  });

  it('omit those that are deleted, purged, not posted, or delivered in a direct message', () => {
    const recent = createRecent();
    const left = posted();
    const others = [
      posted(0, { removed: true }),
      emptied(posted()),
      aTask({ state: states.running }),
      aTask({ state: { ...states.failed, told: true } }),
      posted(0, { state: { ...states.delivered, route: 'direct' } }),
      posted(0, { origin: elsewhere }),
    ];
    for (const task of [left, ...others]) recent.note(task);
    expect(idsOf(recent)).toEqual([left.id]);
  });

  it('have a newest clip of each user, also while its message is being posted', () => {
    const recent = createRecent();
    const clip = (changes: Partial<Task>) => posted(0, { request: aVideoRequest(), ...changes });
    const latest = (by = here) => recent.latestClip(here, by, 0);
    const coming = (tries: number, after: number) =>
      clip({
        state: { ...states.delivering, handover: { route: 'answer', tries } },
        history: [{ state: 'delivering', at: noon + after }],
      });
    recent.note(posted(9));
    expect(latest()).toBeUndefined();
    const there = { channelId: here.channelId, messageId: '1146000000000000900' };
    const first = clip({ state: { ...states.delivered, posted: there } });
    const [begun, unbegun] = [coming(1, 2), coming(0, 4)];
    for (const task of [first, begun, unbegun]) recent.note(task);
    expect(latest()).toBe(begun.id);
    recent.note({ ...begun, state: states.delivered, removed: true });
    expect(latest()).toBe(first.id);
    expect(latest(anOrigin({ userId: '1100000000000000055' }))).toBeUndefined();
    expect(idsOf(recent)).not.toContain(unbegun.id);
  });

  it('marks what only its user may see', () => {
    const recent = createRecent();
    for (const isPrivate of [true, false])
      recent.note(posted(0, { origin: anOrigin({ private: isPrivate }) }));
    expect(recent.results(here, 0).map((result) => result.private ?? false)).toEqual([true, false]);
  });

  it('forgets a result when its task changes, also when it no longer says whose it was', () => {
    const recent = createRecent();
    const own = anOrigin({ guildInstalled: false, userId: '1100000000000000055' });
    const [first, second] = [posted(), posted(0, { origin: own })];
    for (const task of [first, second]) recent.note(task);
    recent.note({ ...first, removed: true });
    recent.note(emptied(second));
    expect([...idsOf(recent), ...idsOf(recent, own)]).toEqual([]);
  });

  it('belong to the guild that has Easel as a member, and elsewhere to the user alone', () => {
    const recent = createRecent();
    const { guildId: _none, ...direct } = anOrigin();
    const alone = [anOrigin({ guildInstalled: false }), { ...direct, guildInstalled: false }];
    for (const origin of alone) recent.note(posted(0, { origin }));
    expect(idsOf(recent)).toEqual([]);
    expect(idsOf(recent, anOrigin({ guildInstalled: false }))).toHaveLength(2);
    expect(idsOf(recent, anOrigin({ guildInstalled: false, userId: '1100000000000000009' }))).toEqual([]);
  });

  it('find the results that a message shows, in its own guild', () => {
    const recent = createRecent();
    const task = posted();
    recent.note(task);
    const messages = new Set(['24', '25']);
    expect(recent.shownBy(here, messages)).toEqual([task.id]);
    expect(recent.shownBy(elsewhere, messages)).toEqual([]);
    expect(recent.shownBy(here, new Set(['3']))).toEqual([]);
  });

  it('keep the newest of each place, and no more than twice the limit', () => {
    const recent = createRecent({ most: 10 });
    for (let n = 0; n < 25; n++) recent.note(posted((n * 7) % 25));
    const kept = recent.results(here, 0).map(({ at }) => at - noon);
    expect(kept.length).toBeLessThanOrEqual(20);
    expect(kept.slice(0, 4)).toEqual([24, 23, 22, 21]);
  });
});

describe('models in use', () => {
  it('are ordered by how often they were asked for, each task counted once', () => {
    const recent = createRecent();
    const uses = { 'kling-3.0': 2, 'vidu-q2': 1, 'hunyuan-3.0': 3 };
    for (const [model, count] of Object.entries(uses))
      for (let n = 0; n < count; n++) {
        const task = aTask({ request: anImageRequest({ model }) });
        for (const state of [states.queued, states.running, states.failed]) recent.note({ ...task, state });
      }
    expect(recent.models(here)).toEqual(['hunyuan-3.0', 'kling-3.0', 'vidu-q2']);
    expect(recent.models(elsewhere)).toEqual([]);
  });

  it('are those of one kind if requested', () => {
    const recent = createRecent();
    recent.note(posted(0, { request: aVideoRequest({ model: 'kling-2.6' }) }));
    recent.note(posted());
    expect(recent.models(here, 'video')).toEqual(['kling-2.6']);
    expect(recent.models(here, 'image')).toEqual(['hunyuan-3.0']);
  });
});
