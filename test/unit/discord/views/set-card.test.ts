import { ComponentType } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { maxContent, type PanelCard } from '../../../../src/discord/views/message.js';
import { createSetCards } from '../../../../src/discord/views/sets/set-card.js';
import type { SetView, ShownMember } from '../../../../src/discord/views/sets/set-view.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { failureReasons, type Task, type TaskSet } from '../../../../src/tasks/model/task.js';
import { writtenIn } from '../../../support/languages.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

const event = '1146000000000000023';
const catalogue = createCatalogue();
const cards = createSetCards({ catalogue });
const told = { told: true, posted: { channelId: '3', messageId: '24' } } as const;
const params = {
  name: 'fox.png',
  found: 'mp4',
  allowed: ['png'],
  max: 10,
  megabytes: '12.0',
  incident: '1a',
  width: 6,
  height: 6,
  min: 3,
  most: 300,
  what: 'Size',
  whole: 70,
  seconds: 12,
};

function part(number: number, changes: Partial<Task> = {}, set: Partial<TaskSet> = {}): Task {
  return aTask({
    id: `${event}:${number}`,
    state: states.delivered,
    set: {
      part: number,
      parts: 9,
      before: number - 1,
      results: 9,
      ...(number === 1 && { wish: { count: 9 } }),
      ...set,
    },
    history: [
      { state: 'received', at: noon },
      { state: 'delivering', at: noon + 34_000 },
    ],
    ...changes,
  });
}

const here = (task: Task, more: Partial<ShownMember> = {}): ShownMember => ({
  id: task.id,
  task,
  first: task.set?.part ?? 10,
  count: 1,
  standing: 'here',
  ...more,
});
const coming = (task: Task, progress?: ShownMember['progress']) =>
  here(task, { standing: 'coming', ...(progress && { progress }) });
const view = (members: readonly ShownMember[], more: Partial<SetView> = {}): SetView => ({
  lead: members[0]?.task ?? part(1),
  members,
  ...more,
});
const idsIn = ({ components }: PanelCard) =>
  components.flatMap((row) =>
    row.components.map((one) => ('custom_id' in one ? one.custom_id.split(':')[1] : '')),
  );
const selectIn = ({ components }: PanelCard, verb: string) =>
  components
    .flatMap((row) => row.components)
    .find((one) => one.type === ComponentType.StringSelect && one.custom_id.includes(verb));

const failures = failureReasons.map((reason) => ({ ...states.failed, ...told, failure: { reason, params } }));

describe('the card of a set', () => {
  it('fits into a message in both languages, whatever failed, and has at most five rows', () => {
    for (const locale of writtenIn)
      for (let at = 0; at < failures.length; at++) {
        const origin = anOrigin({ locale });
        const long = anImageRequest({ prompt: 'very long '.repeat(300) });
        const members = Array.from({ length: 9 }, (_, index) => {
          const failure = failures[(at + index) % failures.length] ?? states.failed;
          return here(
            part(index + 1, { origin, request: long, state: index === 4 ? states.delivered : failure }),
          );
        });
        const card = cards.draw(view(members));
        expect(card.content.length + 30).toBeLessThanOrEqual(maxContent);
        expect(card.content).not.toMatch(/\{\{|undefined/);
        expect(card.content).toMatch(/^> very long/);
        expect(card.content.match(/^-# \d · /gm)).toHaveLength(9);
        expect(card.components.length).toBeLessThanOrEqual(5);
        for (const row of card.components) expect(row.components.length).toBeLessThanOrEqual(5);
        expect(new Set(idsIn(card).filter((verb) => verb !== 'retry')).size).toBe(
          idsIn(card).filter((verb) => verb !== 'retry').length,
        );
      }
  });

  it('says the model, the time and the price of each result, and the same sentence once', () => {
    const cost = { unit: 'image', amount: 1, micros: 200_000 } as const;
    const priced = createSetCards({ catalogue: { ...catalogue, currency: 'CNY' } });
    const failed = { ...states.failed, ...told };
    const members = [
      here(part(1, { cost })),
      here(part(2, { state: failed })),
      here(part(3, { cost, request: anImageRequest({ model: 'kling-3.0' }) })),
      here(part(4, { state: failed })),
      here(part(5, { state: { ...states.cancelled, ...told } })),
    ];
    const { content } = priced.draw(view(members));
    expect(content.split('\n').slice(1)).toEqual([
      '-# 1 · Hunyuan 3.0 · 34 s · ≈ 0.2 CNY',
      expect.stringMatching(/^-# 2 · ⚠️ .{20}/),
      '-# 3 · Kling 3.0 · 34 s · ≈ 0.2 CNY',
      '-# 4 · ⚠️ same as 2',
      '-# 5 · cancelled; not charged',
    ]);
  });

  it('numbers what a model makes four of as a range, and lets each be picked', () => {
    const request = anImageRequest();
    const members = [
      here(part(1, { request, cost: { unit: 'image', amount: 4 } }), { count: 4 }),
      here(part(2, {}, { before: 4 }), { first: 5 }),
    ];
    const card = cards.draw(view(members));
    expect(card.content).toContain('-# 1–4 · ');
    expect(card.content).toContain('-# 5 · ');
    expect(selectIn(card, 'pick')).toMatchObject({
      options: ['1', '2', '3', '4', '5'].map((value) => ({ value })),
    });
  });

  it('shows a chained clip in its place, and asks which picture moves if no one has said', () => {
    const clip = aTask({
      id: `${event}:102`,
      after: `${event}:2`,
      request: aVideoRequest(),
      state: states.delivered,
    });
    const pictures = [here(part(1)), here(part(2))];
    const moved = cards.draw(view([...pictures, here(clip, { first: 3, animates: 2 })]));
    expect(moved.content).toContain('-# 3 · clip of 2 · Kling 3.0');
    expect(selectIn(moved, 'move')).toBeUndefined();
    const asking = here(part(1, {}, { thenAnimate: aVideoRequest(), wish: { count: 2 } }));
    const asked = cards.draw(view([asking, here(part(2))]));
    expect(selectIn(asked, 'move')).toMatchObject({ custom_id: `v1:move:${event}:1` });
  });

  it('has one status line, with the last of the times', () => {
    const at = (minutes: number) => noon + minutes * 60_000;
    const running = { ...states.running };
    const members = [
      here(part(1)),
      coming(part(2, { state: running }), { expected: { from: at(1), to: at(2) } }),
      coming(part(3, { state: running }), { expected: { from: at(3), to: at(5) } }),
      coming(part(4, { state: states.queued }), { ahead: 2, starts: { from: at(2), to: at(5) } }),
    ];
    const card = cards.draw(view(members));
    const last = card.content.split('\n').at(-1) ?? '';
    expect(last).toBe(
      `-# 1 of 4 done · painting; usually ready <t:${at(5) / 1000}:R> at the latest · 1 more waiting in line`,
    );
    expect(idsIn(card)).toEqual(['cancel', 'release', 'pick']);
    const waiting = cards.draw(
      view(members.map((one) => (one.task?.set?.part === 4 ? one : { ...one, standing: 'here' }))),
    );
    expect(waiting.content.split('\n').at(-1)).toMatch(/^-# 3 of 4 done · waiting in line, 2 ahead/);
  });

  it('repeats no prompt that Discord refuses, whichever part it was refused for', () => {
    const refused = part(2, { origin: anOrigin({ wordless: true }) });
    expect(cards.draw(view([here(part(1)), here(refused)])).content).not.toContain('a red fox');
  });

  it('says how many would have fit if the quota refused it while it waited', () => {
    const failure = {
      reason: 'quota.member.image.day',
      params: { max: 5, left: 2, count: 2, fits: 2 },
    } as const;
    const costs = Array<Task['cost']>(3).fill({ unit: 'image', amount: 1 });
    const lead = part(1, { state: { ...states.failed, ...told, failure } }, { parts: 4, costs });
    for (const [locale, sentence] of [
      ['en-US', 'What is left is enough for 2 of the pictures.'],
      ['zh-CN', '剩余额度还够生成其中 2 张图片。'],
    ] as const)
      expect(cards.drawReasons(view([here(lead)]), locale, false).content).toContain(sentence);
  });

  it('ends like an order of one if nothing came of it, and gives every reason to the user', () => {
    const passing = { ...states.failed, ...told, failure: { reason: 'unsuccessful' } } as const;
    const members = [
      here(part(1, { state: { ...states.cancelled, ...told } })),
      here(part(2, { state: { ...states.failed, ...told } })),
      here(part(3, { state: passing })),
    ];
    const card = cards.draw(view(members));
    expect(card.content).toBe("<@1100000000000000004>'s order failed.");
    expect(idsIn(card)).toEqual(['details', 'delete']);
    const reasons = cards.drawReasons(view(members), 'en-US', true);
    expect(reasons.content).toMatch(/^<@1100000000000000004>\n2 · ⚠️ .+\n3 · ⚠️ .+$/);
    expect(idsIn(reasons)).toEqual(['again', 'edit']);
    const called = members.map((one) => ({
      ...one,
      task: part(1, { state: { ...states.cancelled, ...told } }),
    }));
    expect(cards.draw(view(called)).content).toContain('Cancelled');
  });
});
