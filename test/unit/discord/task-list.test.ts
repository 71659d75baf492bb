import { describe, expect, it } from 'vitest';
import type { PanelCard } from '../../../src/discord/cards.js';
import { customId, parseCustomId } from '../../../src/discord/custom-id.js';
import { drawTaskList } from '../../../src/discord/task-list.js';
import { locales, text } from '../../../src/locales/index.js';
import type { State, Task } from '../../../src/tasks/task.js';
import { anImageRequest, aTask, states } from '../../support/tasks.js';

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

describe('a list of tasks', () => {
  const task = (changes: Partial<Task> & { state?: State } = {}) => aTask(changes);

  it('says so when it is empty', () => {
    for (const locale of locales) expect(drawTaskList([], locale).content).toBe(text(locale, 'tasks.none'));
  });

  it('has a line for each and a button for what is kept, by the same number', () => {
    const waits = task({ state: states.queued });
    const keeps = task({ state: { ...states.delivering, handover: kept } });
    const card = drawTaskList([keeps, waits], 'en-US');
    expect(card.content.split('\n')).toEqual([
      `1\\. a red fox · ${text('en-US', 'tasks.queued')}`,
      `2\\. a red fox · ${text('en-US', 'tasks.kept')}`,
    ]);
    const [first, button] = buttonsOf(card);
    expect(first).toEqual(['Cancel number 1', customId('cancel', waits.id)]);
    expect(button).toEqual(['Bring me number 2', customId('collect', keeps.id)]);
  });

  it('fits into a message however many there are, the youngest first, ten to a page', () => {
    const prompt = '*'.repeat(2000);
    const many = Array.from({ length: 25 }, () =>
      task({ state: { ...states.failed, handover: kept }, request: anImageRequest({ prompt }) }),
    );
    for (const locale of locales) {
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

  it('tells the place in line, and where a result is', () => {
    const waits = task({ state: states.queued });
    const done = task({ state: states.delivered });
    const { content } = drawTaskList([done, waits], 'en-US', {
      ahead: ({ id }) => (id === waits.id ? 3 : undefined),
    });
    expect(content).toContain('3 ahead');
    expect(content).toContain(`https://discord.com/channels/${done.origin.guildId}/3/24`);
  });

  it('has words for every state in both languages', () => {
    for (const locale of locales)
      for (const state of everyState)
        expect(drawTaskList([task({ state })], locale).content).not.toMatch(/tasks\.|\{\{/);
  });
});
