import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlId } from '../../../../src/discord/views/custom-ids.js';
import {
  drawGallery,
  type Filter,
  formatPlace,
  matches,
  parsePlace,
} from '../../../../src/discord/views/gallery-page.js';
import { locales, text } from '../../../../src/locales/index.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { Result } from '../../../../src/tasks/ledger/recent-results.js';
import { anImageRequest, aTask, aVideoRequest, noon, states } from '../../../support/tasks.js';

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

describe('a page of the gallery', () => {
  it('has two lines for each result: its words, and who made it with what, when and where', () => {
    const tasks = [
      aTask({ state: states.delivered }),
      aTask({ state: states.delivered, request: aVideoRequest() }),
    ];
    const { content, components } = drawGallery(
      { tasks, pages: 1, of: 'server', place: place() },
      'en-US',
      catalogue,
    );
    const where = 'https://discord.com/channels/1100000000000000002/3/24';
    expect(content.split('\n')).toEqual([
      '**Recently made here**',
      '🖼️ a red fox',
      `-# Hunyuan 3.0 · <@1100000000000000004> · <t:${noon / 1000}:R> · ${where}`,
      '🎬 it runs',
      `-# Kling 3.0 · <@1100000000000000004> · <t:${noon / 1000}:R> · ${where}`,
    ]);
    expect(components).toEqual([]);
  });

  it('fits into a message in both languages, whatever users write, and neither pings nor unfurls', () => {
    const request = anImageRequest({ prompt: '@everyone *'.repeat(90), model: 'kling-3.0-omni' });
    const tasks = Array.from({ length: 10 }, () => aTask({ state: states.delivered, request }));
    for (const locale of locales) {
      const filter = { userId: '1100000000000000004', kind: 'image', model: 'kling-3.0-omni' } as const;
      const card = drawGallery({ tasks, pages: 9, of: 'server', place: place(3, filter) }, locale, catalogue);
      expect(card.content.length).toBeLessThanOrEqual(2000);
      expect(card.content.split('\n')).toHaveLength(21);
      expect(card.content.match(/https:\S+\/24/g)).toHaveLength(10);
      expect(card.content).toContain('Kling 3.0-Omni');
      expect(card.allowed_mentions).toEqual({ parse: [] });
      expect(card.flags & 4).toBe(4);
    }
  });

  it('says so if there is nothing, and what to do', () => {
    const empty = { tasks: [], pages: 1, of: 'own' } as const;
    for (const locale of locales) {
      const drawn = (filter: Filter) =>
        drawGallery({ ...empty, place: place(0, filter) }, locale, catalogue).content;
      expect(drawn({})).toBe(text(locale, 'gallery.none'));
      expect(drawn({ kind: 'video' })).toBe(text(locale, 'gallery.noMatch'));
    }
  });

  it('turns to its neighbours, with the filter', () => {
    const filter = { kind: 'video' } as const;
    const tasks = [aTask({ state: states.delivered })];
    const turns = [0, 1, 2].map((page) => {
      const view = { tasks, pages: 3, of: 'server', place: place(page, filter) } as const;
      return drawGallery(view, 'en-US', catalogue).components.flatMap((row) =>
        row.components.map((button) => ('custom_id' in button ? button.custom_id : '')),
      );
    });
    const to = (page: number) => controlId('gallery', formatPlace({ page, filter }));
    expect(turns).toEqual([[to(1)], [to(0), to(2)], [to(1)]]);
  });
});

describe('a place in the gallery', () => {
  const aPlace = fc.record({
    page: fc.integer({ min: 0, max: 99 }),
    filter: fc.record(
      {
        userId: fc.bigInt({ min: 10n ** 16n, max: 2n ** 64n - 1n }).map(String),
        kind: fc.constantFrom('image' as const, 'video' as const),
        // As MODELS_FILE takes them: thirty characters of a name, thirty of a version.
        model: fc.stringMatching(/^[a-z0-9.:_-]{1,61}$/),
      },
      { requiredKeys: [] },
    ),
  });

  it('is all in the button, within 100 characters', () => {
    fc.assert(
      fc.property(aPlace, (one) => {
        const control = formatPlace(one);
        expect(controlId('gallery', control).length).toBeLessThanOrEqual(100);
        expect(parsePlace(control)).toEqual(one);
      }),
    );
  });

  it.each(['', 'page:1', '1', '1::', '-1:::', '1:12::', '1::x:', '1234:::', '1:::\nfox'])(
    'of another make is not understood: %j',
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
