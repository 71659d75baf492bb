import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customId, parseCustomId } from '../../../../src/discord/views/custom-ids.js';
import { type Card, drawSentences, drawUserError } from '../../../../src/discord/views/message.js';
import { createCards } from '../../../../src/discord/views/task-card.js';
import { drawReason, longestClip } from '../../../../src/discord/views/task-ending.js';
import { UserError } from '../../../../src/errors.js';
import { text } from '../../../../src/locales/index.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { Progress } from '../../../../src/tasks/model/progress.js';
import {
  failureReasons,
  type Origin,
  type Route,
  type State,
  type Task,
} from '../../../../src/tasks/model/task.js';
import { isToldApart } from '../../../../src/tasks/model/task-record.js';
import { writtenIn } from '../../../support/languages.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

const cards = createCards({ catalogue: createCatalogue() });
const kept = { route: 'kept', tries: 1 } as const;
/** All that a failure's text may be filled with. */
const params = {
  name: 'fox.png',
  found: 'mp4',
  allowed: ['png', 'jpeg'],
  megabytes: '12.0',
  max: 10,
  width: 60_000,
  height: 60_000,
  min: 300,
  incident: '1a2b3c4d',
  what: 'Size',
};
const everyState: readonly State[] = [
  ...Object.values(states),
  { ...states.running, letGo: true },
  { ...states.delivering, handover: kept },
  { ...states.failed, handover: kept },
  ...failureReasons.map((reason) => ({ ...states.failed, failure: { reason, params } })),
];
const everyProgress = [
  undefined,
  { ahead: 0 },
  { ahead: 3 },
  ...[{}, { from: noon }, { to: noon }, { from: noon, to: noon }].flatMap(
    (window) =>
      [
        { ahead: 3, starts: window },
        { expected: window },
        { expected: window, pace: 'slow' },
        { expected: window, pace: 'late' },
      ] as const,
  ),
  { waitingFor: 'unreachable' },
  { waitingFor: 'throttled' },
] as const;

const releases = (['asker', 'moderator'] as const).flatMap((by) =>
  (['deliver', 'drop'] as const).map((wish) => ({ by, wish })),
);

it('says who dismissed a task, and what becomes of it', () => {
  for (const locale of writtenIn)
    for (const release of releases)
      for (const state of [states.running, states.discarded]) {
        const { content } = cards.draw(aTask({ state, release, origin: anOrigin({ locale }) }));
        const key =
          state.name === 'running'
            ? `card.released.${release.by}.${release.wish}`
            : `card.discarded.${release.by}`;
        expect(content).toContain(text(locale, key as Parameters<typeof text>[1]));
      }
});

const everyTask = writtenIn.flatMap((locale) =>
  [
    anImageRequest({ size: '1024x1024' }),
    aVideoRequest({ audio: true, resolution: '1080P', aspectRatio: '16:9' }),
  ].flatMap((request) => everyState.map((state) => aTask({ state, request, origin: anOrigin({ locale }) }))),
);

/** The buttons of a task that is not over. */
const onTheWay: Readonly<Record<string, readonly string[]>> = {
  awaitingApproval: ['cancel'],
  awaitingReview: ['release'],
  queued: ['cancel'],
  running: ['release'],
  searching: ['release'],
};
const ofPicture = ['again', 'edit', 'animate', 'remix', 'details', 'star', 'delete'];
const ofClip = ['again', 'edit', 'changeclip', 'upscale', 'details', 'star', 'delete'];
const buttonsOf = (task: Task, drawn = cards) =>
  drawn
    .draw(task)
    .components.flatMap(({ components }) => components)
    .map((button) => parseCustomId(button.custom_id));

describe('a card', () => {
  it('can be drawn in every state and both languages, and fits into a message', () => {
    for (const task of everyTask) {
      for (const progress of everyProgress) {
        const { content } = cards.draw(task, progress);
        expect(content.length).toBeGreaterThan(0);
        expect(content.length).toBeLessThanOrEqual(2000);
        expect(content).not.toMatch(/\{\{|\b(undefined|null)\b/);
      }
    }
  });

  it('pings no one and unfurls nothing', () => {
    for (const task of everyTask) {
      const card = cards.draw(task);
      expect(card.allowed_mentions).toEqual({ parse: [] });
      expect(card.flags & 4).toBe(4);
    }
  });

  it('shows no link of MPS, no token and no id of its own', () => {
    for (const task of everyTask) {
      const { content } = cards.draw(task);
      expect(content).not.toMatch(/https?:|results\.example\.com|the-interaction-token|mps-1/);
    }
  });

  it('has a button that only outcomes have, and one to cancel a waiting task or dismiss a running one', () => {
    for (const task of everyTask) {
      const { name } = task.state;
      const isResult = name === 'delivering' || name === 'delivered';
      const ofResult = task.request.kind === 'image' ? ofPicture : ofClip;
      const isFailure = name === 'failed' || name === 'cancelled' || name === 'discarded';
      const reason = task.state.name === 'failed' ? task.state.failure.reason : '';
      // The same order, as it is, would meet the same end.
      const isOperators = /^(credentials|inactive|clock|arrears)$/.test(reason);
      const isSources = /^source\.(?!(clip\.)?(crowded|unavailable|hosting)$)/.test(reason);
      const recurs =
        isSources ||
        /^(moderation|extends\.(?!unavailable)|rejected|withdrawn|words|tooLarge|unpostable|unsuccessful\.(shape|words|source))/.test(
          reason,
        );
      // A clip that is too long can be cut.
      const cut = longestClip(task.state) === undefined ? [] : ['cut'];
      const helping = [...cut, ...(isOperators ? [] : recurs ? ['edit'] : ['again', 'edit'])];
      const isTold = task.state.name === 'failed' && isToldApart(task);
      const ofFailure = [...(isTold ? ['details'] : helping), 'delete'];
      expect(drawReason(task, 'en-US').components.flatMap((row) => row.components)).toHaveLength(
        name === 'failed' ? helping.length : 2,
      );
      const expected = isResult ? ofResult : isFailure ? ofFailure : (onTheWay[name] ?? []);
      const buttons = buttonsOf(task);
      expect(buttons.map((button) => button?.verb)).toEqual(expected);
      for (const button of buttons) expect(button?.id).toBe(task.id);
    }
  });

  it('has no button for a disabled kind', () => {
    const still = createCards({ catalogue: createCatalogue(), enabled: { image: true, video: false } });
    const verbs = buttonsOf(aTask({ state: states.delivered }), still).map((button) => button?.verb);
    expect(verbs).toEqual(ofPicture.filter((verb) => verb !== 'animate'));
  });

  it('is drawn from the task alone', () => {
    for (const task of everyTask) expect(cards.draw(task)).toEqual(cards.draw(structuredClone(task)));
  });

  it('stays short and harmless whatever was asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), fc.constantFrom(...everyState), (prompt, state) => {
        const { content } = cards.draw(aTask({ state, request: anImageRequest({ prompt }) }));
        expect(content.length).toBeLessThanOrEqual(2000);
        expect(content.split('\n').length).toBeLessThanOrEqual(3);
        // Its own mention of the user pings no one.
        const said = content.replace(/\\./g, '').replace(`<@${anOrigin().userId}>`, '');
        expect(said).not.toMatch(/<@|@everyone|https?:\/\/|\*\*/);
      }),
    );
    const worst = '*'.repeat(2000);
    for (const state of everyState)
      expect(
        cards.draw(aTask({ state, request: aVideoRequest({ prompt: worst }) })).content.length,
      ).toBeLessThan(2000);
  });

  it('quotes the prompt, and leaves the quote out if there is none', () => {
    expect(cards.draw(aTask()).content).toMatch(/^> a red fox\n/);
    expect(cards.draw(aTask({ request: aVideoRequest({ prompt: ' ' }) })).content).not.toContain('>');
  });

  it('names the model as users know it, and the chosen options', () => {
    const request = aVideoRequest({ duration: 8, audio: true, resolution: '1080P', aspectRatio: '16:9' });
    const waiting = aTask({ request, state: states.queued });
    const { content } = cards.draw(waiting, { ahead: 2, starts: { from: noon + 60_400 } });
    expect(content).toContain('Kling 3.0 · 8 s · sound · 1080P · 16:9 · waiting in line, 2 ahead of you');
    expect(content).toContain(`<t:${noon / 1_000 + 60}:R>`);
    expect(cards.draw(aTask({ request: { ...request, model: 'gone-9' } })).content).toContain('gone-9');
  });

  it('says when a running task is expected, and says so in words if it is late', () => {
    const running = aTask({ state: states.running });
    const [from, to] = [noon + 40_000, noon + 190_000];
    const [early, late] = [`<t:${from / 1_000}:R>`, `<t:${to / 1_000}:R>`];
    const shown = (progress: Progress) => cards.draw(running, progress).content;
    const expected = { from, to };
    expect(shown({ expected })).toContain(`painting; ready ${early}, usually ${late} at the latest`);
    expect(shown({ expected: { from } })).toMatch(/painting; ready <t:\d+:R>$/);
    expect(shown({ expected: {} })).toContain('should be ready any moment');
    expect(shown({ expected: { to }, pace: 'slow' })).toContain(
      `a bit slower than usual, usually ready ${late} at the latest`,
    );
    expect(shown({ expected: { from }, pace: 'late' })).toContain(`much slower than usual, ready ${early}`);
    expect(shown({ expected: {}, pace: 'late' })).toContain('much slower than usual, still working on it');
    const letGo = aTask({ state: { ...states.running, letGo: true } });
    expect(cards.draw(letGo, { expected }).content).toContain(text('en-US', 'card.letGo'));
  });

  it('shows a name in a failure letter for letter', () => {
    const failure = { reason: 'source.broken', params: { name: '@everyone **fox**.png' } } as const;
    const { content } = drawReason(aTask({ state: { ...states.failed, failure } }), 'en-US');
    expect(content).toContain('\\@everyone \\*\\*fox\\*\\*.png');
  });
});

describe('an order that ended without a result', () => {
  const mark = '> a red fox';
  const failed = (origin: Partial<Origin>, route: Route = 'answer') =>
    cards.draw(
      aTask({ state: { ...states.failed, handover: { route, tries: 1 } }, origin: anOrigin(origin) }),
    ).content;
  const reason = text('en-US', 'failure.moderation');

  it('is one line to others, without the prompt, and its reason is for the user who asked', () => {
    for (const name of ['failed', 'cancelled', 'discarded'] as const) {
      const { content } = cards.draw(aTask({ state: states[name] }));
      expect(content.split('\n')).toHaveLength(1);
      expect(content).not.toContain('red fox');
    }
    expect(failed({})).toBe(`<@${anOrigin().userId}>'s order failed.`);
  });

  it('has its reason, without the prompt, if Discord has no private answer', () => {
    for (const content of [failed({ replyAs: '1100000000000000009' }), failed({}, 'channel')]) {
      expect(content).toContain(reason);
      expect(content).not.toContain(mark);
    }
  });

  it('has both if only the user who asked sees it', () => {
    const { guildId: _, ...inDirect } = anOrigin({ mayPostLater: true });
    const inPrivate = cards.draw(aTask({ state: states.failed, origin: inDirect })).content;
    for (const content of [failed({ private: true }), inPrivate]) {
      expect(content).toContain(mark);
      expect(content).toContain(reason);
    }
  });
});

describe('sentences outside of a task', () => {
  it('are put on separate lines, each with its words escaped', () => {
    const error = new UserError([
      { key: 'problem.model.unknown', params: { asked: '**evil**', use: 'Hunyuan 3.0' } },
      { key: 'problem.prompt.missing' },
    ]);
    const { content, components, allowed_mentions } = drawUserError(error, 'en-US');
    const [first, second] = content.split('\n');
    expect(first).toContain('\\*\\*evil\\*\\*');
    expect(second).toBe(text('en-US', 'problem.prompt.missing'));
    expect(components).toEqual([]);
    expect(allowed_mentions).toEqual({ parse: [] });
  });

  it("format lists in each language's way", () => {
    const sentence = {
      key: 'problem.scene.unsupported',
      params: { model: 'M', asked: 'x', allowed: ['5', '10'] },
    } as const;
    expect(drawSentences([sentence], 'en-US').content).toContain('5 or 10');
    expect(drawSentences([sentence], 'zh-CN').content).toContain('5 或 10');
  });

  it('keep a user’s words that look like a placeholder', () => {
    const params = { asked: '{{use}} $t(button.again) $& {{asked}}', use: 'Hunyuan 3.0' };
    const { content } = drawSentences([{ key: 'problem.model.unknown', params }], 'en-US');
    expect(content).toContain('called {{use}} $t(button.again) $& {{asked}}.');
    expect(content).toContain('for example Hunyuan 3.0.');
  });
});

it('a picture and its clip are shown in one message in every pair of states, however long the texts', () => {
  const thenAnimate = aVideoRequest({ prompt: '🦊'.repeat(2_000) });
  const request = anImageRequest({ prompt: '*_'.repeat(500), thenAnimate });
  const all: readonly State[] = Object.values(states);
  for (const [first, second] of all.flatMap((one) => all.map((other) => [one, other] as const))) {
    const picture = aTask({ request, state: first });
    const clip = aTask({ request: thenAnimate, state: second, after: picture.id });
    for (const apart of [false, true]) {
      const { content, components } = cards.draw(picture, {}, { other: clip, apart });
      expect(content.length).toBeLessThanOrEqual(2_000);
      // Separately posted, its own message shows it, once.
      const told = text('en-US', apart ? 'card.follows' : 'card.failed.clip');
      if (second.name === 'failed') expect(content).toContain(told);
      const buttons = components.flatMap((row) => row.components.map(({ custom_id }) => custom_id));
      expect(new Set(buttons).size).toBe(buttons.length);
      expect(components.length).toBeLessThanOrEqual(5);
      for (const row of components) expect(row.components.length).toBeLessThanOrEqual(5);
    }
  }
});

it('a clip has no outcome buttons before its own post, which carries the file', () => {
  const thenAnimate = aVideoRequest();
  const picture = aTask({ request: anImageRequest({ thenAnimate }), state: states.delivering });
  const clip = aTask({ request: thenAnimate, state: states.delivering, after: picture.id });
  const mark = customId('again', clip.id);
  const drawn = (card: Card) => card.components.flatMap((row) => row.components.map((one) => one.custom_id));
  const first = cards.draw(picture, {}, { other: clip });
  expect(drawn(first)).not.toContain(mark);
  expect(drawn(first)).not.toContain(customId('delete', picture.id));
  expect(first.content).toContain(text('en-US', 'card.fetching'));
  const second = cards.draw(clip, {}, { other: { ...picture, state: states.delivered } });
  expect(drawn(second)).toContain(mark);
});
