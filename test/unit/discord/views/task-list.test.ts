import { describe, expect, it } from 'vitest';
import { customId, parseCustomId } from '../../../../src/discord/views/custom-ids.js';
import type { PanelCard } from '../../../../src/discord/views/message.js';
import { entriesOf } from '../../../../src/discord/views/sets/set-entry.js';
import { drawTaskList, parseListControl } from '../../../../src/discord/views/task-list.js';
import { text } from '../../../../src/locales/index.js';
import type { TimeWindow } from '../../../../src/tasks/model/progress.js';
import {
  type FailureReason,
  failureReasons,
  type State,
  type Task,
} from '../../../../src/tasks/model/task.js';
import { isKept } from '../../../../src/tasks/model/task-record.js';
import { writtenIn } from '../../../support/languages.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

describe('a control of the list', () => {
  const id = '1146000000000000023:1';

  it('contains whose list and page it is about, and what is to be cancelled', () => {
    expect(parseListControl('page:3')).toEqual({ whose: 'mine', page: 3 });
    expect(parseListControl('server:0')).toEqual({ whose: 'server', page: 0 });
    expect(parseListControl(`cancel:server:2:${id}`)).toEqual({ whose: 'server', page: 2, cancel: id });
  });

  it.each(['', 'page', 'page:', 'page:x', 'cancel:page:1', `page:1:${id}`, `drop:page:1:${id}`, 'page:1\n'])(
    'of an unknown format is rejected: %j',
    (control) => expect(parseListControl(control)).toBeUndefined(),
  );
});

const kept = { route: 'kept', tries: 1 } as const;
const everyState: readonly State[] = [
  ...Object.values(states),
  { ...states.delivering, handover: kept },
  { ...states.failed, handover: kept },
  { ...states.failed, told: true },
];

/** Label and customId of each button. */
const buttonsOf = ({ components }: PanelCard) =>
  components
    .flatMap((row) => row.components)
    .map((one) => ['label' in one ? one.label : undefined, 'custom_id' in one ? one.custom_id : undefined]);

/** Options of the select. */
const repeatsOf = ({ components }: PanelCard) =>
  components.flatMap((row) => row.components).flatMap((one) => ('options' in one ? one.options : []));

describe('a list of tasks', () => {
  const task = (changes: Partial<Task> & { state?: State } = {}) => aTask(changes);

  it('says so when it is empty', () => {
    for (const locale of writtenIn)
      for (const whose of ['mine', 'server'] as const)
        expect(drawTaskList([], locale, { whose }).content).toBe(text(locale, `tasks.none.${whose}`));
  });

  it('has a line for each and a button for each kept result, with the same number', () => {
    const waits = task({ state: states.queued });
    const keeps = task({ state: { ...states.delivering, handover: kept } });
    const card = drawTaskList([keeps, waits], 'en-US');
    expect(card.content.split('\n')).toEqual([
      `1\\. a red fox · ${text('en-US', 'tasks.queued')} · ordered <t:${noon / 1000}:R>`,
      `2\\. a red fox · ${text('en-US', 'tasks.kept')} · ordered <t:${noon / 1000}:R>`,
    ]);
    const [first, button] = buttonsOf(card);
    expect(first).toEqual(['Cancel #1', `v1:tasks:cancel:page:0:${waits.id}`]);
    expect(button).toEqual(['Get #2', customId('collect', keeps.id)]);
  });

  it('fits into a message however many there are, the newest first, ten to a page', () => {
    const prompt = '*'.repeat(2000);
    const many = Array.from({ length: 25 }, () =>
      task({ state: { ...states.failed, handover: kept }, request: anImageRequest({ prompt }) }),
    );
    for (const locale of writtenIn) {
      const pages = [0, 1, 2].map((page) => drawTaskList(many, locale, { page }));
      for (const { content, components } of pages) {
        expect(content.length).toBeLessThanOrEqual(2000);
        expect(components.length).toBeLessThanOrEqual(5);
        for (const row of components) expect(row.components.length).toBeLessThanOrEqual(5);
      }
      const ids = pages.flatMap(buttonsOf).flatMap(([, id]) => parseCustomId(id ?? '')?.id ?? []);
      expect(ids).toEqual([...many].reverse().map(({ id }) => id));
      const turns = pages.map((page) => buttonsOf(page).filter(([label]) => label === '◀' || label === '▶'));
      expect(turns.map((row) => row.map(([label]) => label).join(''))).toEqual(['▶', '◀▶', '◀']);
      expect(drawTaskList(many, locale, { page: 99 })).toEqual(pages[2]);
    }
  });

  it('shows the queue position, and where a result is', () => {
    const waits = task({ state: states.queued });
    const done = task({ state: states.delivered });
    const { content } = drawTaskList([done, waits], 'en-US', {
      turn: ({ id }) => (id === waits.id ? { ahead: 3, starts: { from: noon } } : undefined),
    });
    expect(content).toContain(`3 ahead; starts <t:${noon / 1000}:R>`);
    expect(content).toContain(`https://discord.com/channels/${done.origin.guildId}/3/24`);
  });

  it('shows when a running task is expected to end, if that is in the future', () => {
    const runs = task({ state: states.running });
    const at = (window: TimeWindow) => drawTaskList([runs], 'en-US', { expected: () => window }).content;
    expect(at({ from: noon + 60_000 })).toContain(`ready <t:${(noon + 60_000) / 1000}:R>`);
    expect(at({})).toContain('being made');
    expect(at({})).not.toContain('<t:');
  });

  it('lists tasks in progress before finished ones', () => {
    const [waits, done] = [task({ state: states.queued }), task({ state: states.delivered })];
    const { content } = drawTaskList([waits, done], 'en-US');
    expect(content.split('\n')[0]).toContain(text('en-US', 'tasks.queued'));
  });

  it('offers to repeat finished tasks, and nothing for a task being cancelled', () => {
    const [waits, done] = [task({ state: states.queued }), task({ state: states.delivered })];
    const card = drawTaskList([done, waits], 'en-US', { calledOff: waits.id });
    expect(card.content).toContain(`1\\. a red fox · ${text('en-US', 'tasks.cancelled')}`);
    expect(buttonsOf(card)).toEqual([[undefined, 'v1:repeat:which']]);
    expect(repeatsOf(card)).toEqual([{ value: done.id, label: '2. a red fox', description: 'posted' }]);
  });

  it('has one select for ten finished orders, named by their prompts', () => {
    const long = anImageRequest({ prompt: `fox ${'x'.repeat(300)}` });
    const many = Array.from({ length: 10 }, () => task({ state: states.delivered, request: long }));
    const card = drawTaskList([...many], 'zh-CN');
    expect(card.components).toHaveLength(1);
    expect(repeatsOf(card)).toHaveLength(10);
    for (const { label = '' } of repeatsOf(card)) {
      expect(label).toMatch(/^\d+\. fox x+…$/);
      expect(label.length).toBeLessThanOrEqual(100);
    }
  });

  it('says why something failed in a few words, and when it ended', () => {
    const ends = (reason: FailureReason) =>
      task({ state: { ...states.failed, told: true, failure: { reason } } });
    for (const reason of [...failureReasons, 'quota.image_day' as FailureReason])
      for (const locale of writtenIn) {
        const { content } = drawTaskList([ends(reason)], locale);
        expect(content).toMatch(/(failed: |失败：)[^·]{3,40} · <t:\d+:R>$/);
        expect(content).not.toContain('tasks.');
      }
    expect(drawTaskList([ends('moderation')], 'en-US').content).toContain(
      'failed: rejected by the content check',
    );
  });

  it('has no link to deleted results, or to those visible to one user only', () => {
    const removed = task({ state: states.delivered, removed: true });
    const secret = task({ state: states.delivered, origin: anOrigin({ private: true }) });
    const { content } = drawTaskList([removed, secret], 'en-US');
    expect(content).toContain(text('en-US', 'tasks.removed'));
    expect(content).not.toContain('https:');
  });

  describe('of a server', () => {
    const server = { whose: 'server', userId: '1100000000000000009', currency: 'CNY' } as const;
    const cost = { unit: 'second', amount: 5, micros: 4_500_000 } as const;

    it('says who ordered what and what it costs', () => {
      const done = task({ state: states.delivered, request: aVideoRequest(), cost });
      const [title, line] = drawTaskList([done], 'en-US', server).content.split('\n');
      expect(title).toBe('**Tasks in this server**');
      expect(line).toContain('it runs · <@1100000000000000004> · 5 s · ≈ 4.5 CNY · posted · <t:');
    });

    it('shows only kind, cost and state of private ones, and offers nothing for them', () => {
      for (const state of everyState) {
        const secret = task({ state, cost, origin: anOrigin({ private: true }) });
        const card = drawTaskList([secret], 'en-US', { ...server, hidden: new Set([secret.id]) });
        expect(card.content).toMatch(
          /^\*\*Tasks in this server\*\*\n1\\\. a private picture · 5 s · ≈ 4.5 CNY · /,
        );
        expect(card.content).not.toMatch(/fox|<@|https/);
        expect(card.components).toEqual([]);
      }
    });

    it('lets a moderator collect only their own results', () => {
      const keeps = task({ state: { ...states.delivering, handover: kept } });
      expect(buttonsOf(drawTaskList([keeps], 'en-US', server))).toEqual([]);
      const mine = drawTaskList([keeps], 'en-US', { ...server, userId: keeps.origin.userId });
      expect(buttonsOf(mine)).toEqual([['Get #1', customId('collect', keeps.id)]]);
    });
  });

  it('fits into a message with everything that a moderator sees', () => {
    const request = anImageRequest({ prompt: '*'.repeat(1000) });
    const many = Array.from({ length: 10 }, () => task({ state: states.delivered, request }));
    for (const locale of writtenIn) {
      const { content } = drawTaskList(many, locale, { whose: 'server', userId: '1' });
      expect(content.length).toBeLessThanOrEqual(2000);
      expect(content.match(/https:\S+\/24/g)).toHaveLength(10);
    }
  });

  it('has words for every state in both languages', () => {
    for (const locale of writtenIn)
      for (const state of everyState)
        expect(drawTaskList([task({ state })], locale).content).not.toMatch(/tasks\.|\{\{/);
  });
});

describe('a set of which some parts have to be collected', () => {
  const part = (number: number, state: State): Task =>
    aTask({
      id: `1146000000000000023:${number}`,
      set: { part: number, parts: 3, before: number - 1, results: 3 },
      state,
    });
  const held = { ...states.delivering, handover: kept };

  it.each([
    ['its first', [held, states.queued, states.queued], 2],
    ['its second', [states.queued, held, states.queued], 2],
    ['all but the last', [held, held, states.running], 3],
    ['all', [held, held, held], 3],
    ['none', [states.queued, states.queued, states.queued], 1],
  ] as const)('lists no task twice, so that Discord takes the list: %s', async (_, each, entries) => {
    const parts = each.map((state, at) => part(at + 1, state));
    const { tasks, sets } = await entriesOf(parts, isKept, async () => parts);
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(entries);
    expect(tasks).toHaveLength(entries);
    expect([...sets.values()].flat().some(isKept)).toBe(false);
    const card = drawTaskList(tasks, 'en-US', { sets, userId: parts[0]?.origin.userId ?? '' });
    const ids = card.components.flatMap(({ components }) =>
      components.flatMap((one) => ('custom_id' in one ? [one.custom_id] : [])),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBe(entries);
  });
});
