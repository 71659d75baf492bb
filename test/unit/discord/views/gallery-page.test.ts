import { ComponentType } from 'discord.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Preview } from '../../../../src/discord/input/result-previews.js';
import { controlId } from '../../../../src/discord/views/custom-ids.js';
import {
  drawGallery,
  type Filter,
  formatPlace,
  matches,
  parsePlace,
} from '../../../../src/discord/views/gallery-page.js';
import { isV2, type V2Card } from '../../../../src/discord/views/message.js';
import { text } from '../../../../src/locales/index.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { Result } from '../../../../src/tasks/ledger/recent-results.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { writtenIn } from '../../../support/languages.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

const catalogue = createCatalogue();
const place = (page = 0, filter: Filter = {}) => ({ page, filter });
const result: Result = {
  id: '1146000000000000023:1',
  at: noon,
  userId: '1100000000000000004',
  kind: 'image',
  model: 'kling-3.0',
  channelId: '3',
  messageId: '24',
};

const url = 'https://cdn.discordapp.com/attachments/3/5/fox.png?ex=1&is=0&hm=0';
const entry = (task: Task, preview: Preview = { url, spoiler: false }) => ({ task, preview });
/** The text of a card, without its buttons. */
const saidIn = ({ components }: V2Card) =>
  components.flatMap((one) => (one.type === ComponentType.TextDisplay ? [one.content] : [])).join('\n');
const itemsOf = ({ components }: V2Card) =>
  components.flatMap((one) => (one.type === ComponentType.MediaGallery ? one.items : []));
const controlsOf = ({ components }: V2Card) =>
  components.flatMap((one) => (one.type === ComponentType.ActionRow ? one.components : []));

describe('a page of the gallery', () => {
  it('shows each file, and two lines: the prompt, and who made it with what, when and where', () => {
    const four = anImageRequest();
    const entries = [
      entry(aTask({ state: states.delivered, request: four, cost: { unit: 'image', amount: 4 } })),
      entry(aTask({ state: states.delivered, request: aVideoRequest() }), { url, spoiler: true }),
    ];
    const card = drawGallery({ entries, pages: 1, of: 'server', place: place() }, 'en-US', catalogue);
    const where = 'https://discord.com/channels/1100000000000000002/3/24';
    expect(saidIn(card).split('\n')).toEqual([
      '**Recently made here**',
      '**1.** 🖼️ a red fox',
      `-# Hunyuan 3.0 · 4 pictures · <@1100000000000000004> · <t:${noon / 1000}:R> · ${where}`,
      '**2.** 🎬 it runs',
      `-# Kling 3.0 · <@1100000000000000004> · <t:${noon / 1000}:R> · ${where}`,
    ]);
    expect(itemsOf(card)).toEqual([
      { media: { url }, description: 'a red fox' },
      { media: { url }, description: 'it runs', spoiler: true },
    ]);
    expect(controlsOf(card)).toMatchObject([
      { options: [{ label: '1. a red fox', value: entries[0]?.task.id }, { label: '2. it runs' }] },
    ]);
  });

  it('tells the results of a set apart, also those that can only be chosen', () => {
    const set = { parts: 3, results: 3 };
    const entries = [0, 1, 2].map((before) =>
      entry(aTask({ state: states.delivered, set: { ...set, part: before + 1, before } }), {
        gap: 'private',
      }),
    );
    const card = drawGallery({ entries, pages: 1, of: 'own', place: place() }, 'en-US', catalogue);
    expect(controlsOf(card)).toMatchObject([
      { options: [1, 2, 3].map((number) => ({ label: 'a red fox', description: `number ${number} of 3` })) },
    ]);
  });

  it('numbers what it shows, and gives a reason for the rest', () => {
    const gaps = ['private', 'elsewhere', 'deleted', 'unreadable', 'fileless', 'unloaded'] as const;
    const done = () => aTask({ state: states.delivered });
    const entries = [...gaps.map((gap) => entry(done(), { gap })), entry(done())];
    for (const locale of writtenIn) {
      const card = drawGallery({ entries, pages: 1, of: 'own', place: place() }, locale, catalogue);
      const lines = saidIn(card).split('\n').slice(1);
      for (const [at, gap] of gaps.entries()) {
        expect(lines[2 * at]).toBe('🖼️ a red fox');
        expect(lines[2 * at + 1]).toContain(text(locale, `gallery.gap.${gap}`));
      }
      expect(lines.at(-2)).toBe('**1.** 🖼️ a red fox');
      expect(itemsOf(card)).toHaveLength(1);
    }
    const none = drawGallery(
      { entries: entries.slice(0, 1), pages: 1, of: 'own', place: place() },
      'en-US',
      catalogue,
    );
    expect(none.components.some(({ type }) => type === ComponentType.MediaGallery)).toBe(false);
  });

  it('never repeats words that Discord blocks', () => {
    const task = aTask({ state: states.delivered, origin: anOrigin({ wordless: true }) });
    const view = { entries: [entry(task)], pages: 1, of: 'server', place: place() } as const;
    expect(JSON.stringify(drawGallery(view, 'en-US', catalogue))).not.toContain('red fox');
  });

  it('fits into a message in both languages, whatever the prompts, and neither pings nor unfurls', () => {
    const request = anImageRequest({ prompt: '@everyone *'.repeat(190), model: 'kling-3.0-omni' });
    const entries = Array.from({ length: 10 }, () => entry(aTask({ state: states.delivered, request })));
    for (const locale of writtenIn) {
      const filter = { userId: '1100000000000000004', kind: 'image', model: 'kling-3.0-omni' } as const;
      const card = drawGallery(
        { entries, pages: 9, of: 'server', place: place(3, filter) },
        locale,
        catalogue,
      );
      const said = saidIn(card);
      expect(said.length).toBeLessThanOrEqual(4000);
      expect(said.split('\n')).toHaveLength(21);
      expect(said.match(/https:\S+\/24/g)).toHaveLength(10);
      expect(said).toContain('Kling 3.0-Omni');
      expect(itemsOf(card).every(({ description }) => (description?.length ?? 0) <= 1024)).toBe(true);
      expect(card.allowed_mentions).toEqual({ parse: [] });
      expect(card.flags & 4).toBe(4);
      expect(isV2(card)).toBe(true);
    }
  });

  it('says so if there is nothing, and what to do', () => {
    const empty = { entries: [], pages: 1, of: 'own' } as const;
    for (const locale of writtenIn) {
      const drawn = (filter: Filter) => {
        const card = drawGallery({ ...empty, place: place(0, filter) }, locale, catalogue);
        return isV2(card) && saidIn(card);
      };
      expect(drawn({})).toBe(text(locale, 'gallery.none'));
      expect(drawn({ kind: 'video' })).toBe(text(locale, 'gallery.noMatch'));
    }
  });

  it('links to its neighbours, with the filter', () => {
    const filter = { kind: 'video' } as const;
    const entries = [entry(aTask({ state: states.delivered }))];
    const turns = [0, 1, 2].map((page) => {
      const view = { entries, pages: 3, of: 'server', place: place(page, filter) } as const;
      return controlsOf(drawGallery(view, 'en-US', catalogue)).flatMap((button) =>
        button.type === ComponentType.Button && 'custom_id' in button ? button.custom_id : [],
      );
    });
    const to = (page: number) => controlId('gallery', formatPlace({ page, filter }));
    expect(turns).toEqual([[to(1)], [to(0), to(2)], [to(1)]]);
  });
});

describe('a position in the gallery', () => {
  const aPlace = fc.record({
    page: fc.integer({ min: 0, max: 99 }),
    filter: fc.record(
      {
        userId: fc.bigInt({ min: 10n ** 16n, max: 2n ** 64n - 1n }).map(String),
        kind: fc.constantFrom('image' as const, 'video' as const),
        // As MODELS_FILE accepts them: thirty characters of a name, thirty of a version.
        model: fc.stringMatching(/^[a-z0-9.:_-]{1,61}$/),
      },
      { requiredKeys: [] },
    ),
  });

  it('fits in the button, within 100 characters', () => {
    fc.assert(
      fc.property(aPlace, (one) => {
        const control = formatPlace(one);
        expect(controlId('gallery', control).length).toBeLessThanOrEqual(100);
        expect(parsePlace(control)).toEqual(one);
      }),
    );
  });

  it.each(['', 'page:1', '1', '1::', '-1:::', '1:12::', '1::x:', '1234:::', '1:::\nfox'])(
    'of an unknown format is rejected: %j',
    (control) => expect(parsePlace(control)).toBeUndefined(),
  );

  it('filters by user, kind and model, each if it is given', () => {
    const yes: Filter[] = [{}, { userId: result.userId }, { kind: 'image' }, { model: 'Kling 3.0' }];
    const no: Filter[] = [{ userId: '1' }, { kind: 'video' }, { model: 'kling-2.1' }];
    for (const filter of yes) expect(matches(filter, result)).toBe(true);
    for (const filter of no) expect(matches(filter, result)).toBe(false);
    expect(matches({ userId: result.userId, kind: 'video' }, result)).toBe(false);
  });
});
