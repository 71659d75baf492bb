import { describe, expect, it } from 'vitest';
import {
  compactDurations,
  createCatalogue,
  summarise,
  type VideoModel,
} from '../../../../src/mps/catalogue/catalogue.js';
import { imageModels } from '../../../../src/mps/catalogue/image-models.js';
import type { VideoRules } from '../../../../src/mps/catalogue/model-rules.js';
import { videoModels } from '../../../../src/mps/catalogue/video-models.js';

const catalogue = createCatalogue();

/** One row of the fact sheet's table of clips, in its own notation. */
interface Row {
  seconds: string;
  resolutions: string;
  ratios: string;
  /** `!` at the end: also with references. */
  last: 'no' | 'yes' | 'at-1080P';
  references: number;
  audio: VideoRules['audio'];
}

const wide = '16:9 9:16 1:1';
const six = '540P 720P 1080P';
const two = '720P 1080P';
const five = '16:9 9:16 4:3 3:4 1:1';
/** docs/mps-api.md#createaigcvideotask, row by row; PixVerse's references are hidden on purpose. */
const rows: Record<string, Row> = {
  'hunyuan-1.5': row('', '', '', 'no', 0, false),
  'hailuo-02': row('6, 10', '768P 1080P', '', 'yes', 0, false),
  'hailuo-2.3': row('6, 10', '768P 1080P', '', 'no', 0, false),
  'hailuo-2.3-fast': row('6, 10', '768P 1080P', '', 'no', 0, false),
  'kling-1.6': row('5, 10', two, wide, 'at-1080P', 4, false),
  'kling-2.0': row('5, 10', two, wide, 'yes', 0, false),
  'kling-2.1': row('5, 10', two, wide, 'at-1080P', 0, false),
  'kling-2.5': row('5, 10', two, wide, 'at-1080P', 0, false),
  'kling-2.6': row('5, 10', two, wide, 'at-1080P', 0, 'from-1080P'),
  'kling-o1': row('3–10', two, wide, 'yes', 7, false),
  'kling-3.0': row('3–15', `${two} 4K`, wide, 'yes', 0, true),
  'kling-3.0-omni': row('3–15', `${two} 4K`, wide, 'yes', 7, true),
  'vidu-q2': row('1–10', six, `${five}!`, 'no', 7, false),
  'vidu-q2-pro': row('1–10', six, `${wide}!`, 'yes', 7, false),
  'vidu-q2-turbo': row('1–10', six, '', 'yes', 0, false),
  'vidu-q3-pro': row('3–16', six, wide, 'yes', 0, true),
  'vidu-q3-turbo': row('3–16', six, `${wide}!`, 'yes', 7, true),
  'vidu-q3': row('3–16', six, `${wide}!`, 'no', 7, true),
  'vidu-q3-mix': row('3–16', two, `${wide}!`, 'no', 7, true),
  'pixverse-v5.6': row('5, 8, 10', six, `${five}!`, 'yes', 0, false),
  'pixverse-v6': row('1–15', six, `${five} 2:3 3:2 21:9!`, 'yes', 0, true),
  'pixverse-c1': row('1–15', six, `${five} 2:3 3:2 21:9!`, 'yes', 0, true),
  'h2-1.0': row('3–15', two, '16:9 9:16 4:3 3:4 4:5 5:4 1:1 21:9 9:21!', 'no', 9, true),
};

function row(
  seconds: string,
  resolutions: string,
  ratios: string,
  last: Row['last'],
  references: number,
  audio: VideoRules['audio'],
): Row {
  return { seconds, resolutions, ratios, last, references, audio };
}

function rowOf(model: VideoModel): Row {
  return row(
    compactDurations(model.durations).join(', '),
    model.resolutions.join(' '),
    model.aspectRatios.join(' ') + (model.ratioWithReferences ? '!' : ''),
    model.lastFrame,
    model.references,
    model.audio,
  );
}

describe('the catalogue of video models', () => {
  it.each(Object.entries(rows))('has %s as in the facts', (id, expected) => {
    const model = catalogue.find('video', id);
    expect(model && rowOf(model)).toEqual(expected);
  });

  it('has no row beyond the facts', () => {
    expect(
      catalogue
        .list('video')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(Object.keys(rows).sort());
  });

  it('defaults to 5 seconds, Hailuo to 6, and Hunyuan to none', () => {
    for (const { name, durations, defaultDuration } of catalogue.list('video')) {
      expect(defaultDuration).toBe(
        { Hailuo: 6, Hunyuan: undefined }[name] ?? (durations.length ? 5 : undefined),
      );
      if (defaultDuration !== undefined) expect(durations).toContain(defaultDuration);
    }
  });

  it('has a default resolution for each, and offers it', () => {
    const defaults = { Kling: '720P', Hailuo: '768P', Vidu: '720P', PixVerse: '720P', H2: '1080P' };
    for (const { name, resolutions, defaultResolution } of catalogue.list('video')) {
      expect(defaultResolution).toBe(new Map(Object.entries(defaults)).get(name));
      if (defaultResolution) expect(resolutions).toContain(defaultResolution);
    }
  });

  it('offers the off-peak tariff with Vidu only', () => {
    const names = catalogue
      .list('video')
      .filter(({ offPeak }) => offPeak)
      .map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(['Vidu']));
    expect(names).toHaveLength(7);
  });

  it('offers the watermark with Hailuo, Kling, Vidu and H2', () => {
    const names = catalogue
      .list('video')
      .filter(({ watermark }) => watermark)
      .map(({ name }) => name);
    expect([...new Set(names)].sort()).toEqual(['H2', 'Hailuo', 'Kling', 'Vidu']);
  });

  it('offers no music and no scenes, since no source says which models take them, or they need more than a request holds', () => {
    const rules: readonly VideoRules[] = videoModels;
    expect(rules.filter(({ music, scenes }) => music || scenes?.length)).toEqual([]);
  });
});

describe('the catalogue of image models', () => {
  it.each([
    ['hunyuan-3.0', 3],
    ['qwen-0925', 9],
    ['vidu-q2', 7],
    ['kling-2.1', 4],
    ['kling-3.0', 4],
    ['kling-o1', 10],
    ['kling-3.0-omni', 10],
  ])('has %s with %i references at most', (id, references) => {
    expect(catalogue.find('image', id)?.references).toBe(references);
  });

  it('has no row beyond the facts', () => {
    expect(catalogue.list('image')).toHaveLength(7);
  });

  it('gives each model either eight ratios or a free size', () => {
    for (const { name, size, aspectRatios, resolutions } of catalogue.list('image')) {
      const free = name === 'Hunyuan' || name === 'Qwen';
      expect(Boolean(size)).toBe(free);
      expect(aspectRatios).toHaveLength(free ? 0 : 8);
      expect(resolutions).toHaveLength(free ? 0 : 4);
    }
    expect(catalogue.find('image', 'hunyuan-3.0')?.size).toEqual({
      minSide: 512,
      maxSide: 2048,
      maxPixels: 1_048_576,
    });
    expect(catalogue.find('image', 'qwen-0925')?.size).toEqual({ minPixels: 262_144, maxPixels: 4_194_304 });
  });

  it('offers the panorama with Hunyuan', () => {
    expect(
      catalogue
        .list('image')
        .filter(({ scenes }) => scenes)
        .map(({ id }) => id),
    ).toEqual(['hunyuan-3.0']);
  });
});

describe('find', () => {
  it.each(['kling-3.0', 'Kling 3.0', 'KLING 3.0', '  kling   3.0 ', 'kling_3.0'])(
    'finds Kling 3.0 as %j',
    (text) => {
      expect(catalogue.find('video', text)).toMatchObject({ id: 'kling-3.0', label: 'Kling 3.0' });
    },
  );

  it.each([
    ['kling 3.0 omni', 'kling-3.0-omni', 'Kling 3.0-Omni'],
    ['Hailuo 2.3-fast', 'hailuo-2.3-fast', 'Hailuo 2.3-fast'],
    ['pixverse V5.6', 'pixverse-v5.6', 'PixVerse v5.6'],
    ['h2 1.0', 'h2-1.0', 'H2 1.0'],
    ['Kling O1', 'kling-o1', 'Kling O1'],
  ])('finds %j', (text, id, label) => {
    expect(catalogue.find('video', text)).toMatchObject({ id, label });
  });

  it.each([
    ['可灵 3.0', 'kling-3.0'],
    ['可灵3.0omni', 'kling-3.0-omni'],
    ['可灵 Kling 3.0', 'kling-3.0'],
    ['kling3.0', 'kling-3.0'],
    ['通义千问', 'qwen-0925'],
    ['混元', 'hunyuan-3.0'],
    ['Kling', 'kling-3.0'],
  ])('finds %j as users write it: %s', (text, id) => {
    expect(catalogue.find('image', text)?.id).toBe(id);
  });

  it('finds every model by its id and by its label', () => {
    for (const kind of ['image', 'video'] as const) {
      for (const model of catalogue.list(kind)) {
        expect(catalogue.find(kind, model.id)).toBe(model);
        expect(catalogue.find(kind, model.label.toUpperCase())).toBe(model);
        expect(model.id).toMatch(/^[a-z0-9.-]+$/);
      }
      const ids = catalogue.list(kind).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it.each(['', 'kling 9', 'kling-9', 'toString', 'hailuo-02'])('finds no picture model as %j', (text) => {
    expect(catalogue.find('image', text)).toBeUndefined();
  });
});

describe("an operator's overrides", () => {
  const [, kling] = imageModels;

  it('replace a model in place', () => {
    const changed = createCatalogue({ models: [{ ...kling, references: 5 }] });
    expect(changed.find('image', 'kling-3.0')?.references).toBe(5);
    expect(changed.list('image').map(({ id }) => id)).toEqual(catalogue.list('image').map(({ id }) => id));
    expect(catalogue.find('image', 'kling-3.0')?.references).toBe(4);
  });

  it('add a model at the end, for its own kind only', () => {
    const changed = createCatalogue({ models: [{ ...kling, name: 'MJ', version: 'v7' }] });
    expect(changed.list('image').at(-1)).toMatchObject({ id: 'mj-v7', label: 'MJ v7' });
    expect(changed.find('video', 'mj-v7')).toBeUndefined();
  });

  it('switch on an unlisted model, however its name is written, and mark it', () => {
    const extra = ['hailuo-h3', 'MJ v8.1', 'kling-3.0', 'nobody-1.0'];
    const changed = createCatalogue({ extra });
    const added = (kind: 'image' | 'video') =>
      changed.list(kind).filter(({ id }) => !catalogue.find(kind, id));
    expect(added('image').map(({ id, unlisted }) => [id, unlisted])).toEqual([['mj-v8.1', true]]);
    expect(added('video').map(({ id, unlisted }) => [id, unlisted])).toEqual([['hailuo-h3', true]]);
  });

  it('hide a model of one kind and not its namesake of the other', () => {
    const changed = createCatalogue({ hidden: { video: ['Kling 3.0'] } });
    expect(changed.find('video', 'kling-3.0')).toBeUndefined();
    expect(changed.find('image', 'kling-3.0')).toBeDefined();
  });
});

describe('summarise', () => {
  it('says what sets a model apart', () => {
    const summaryOf = (kind: 'image' | 'video', id: string) => {
      const model = catalogue.find(kind, id);
      return model && summarise(model);
    };
    expect(summaryOf('video', 'kling-3.0')).toEqual({
      label: 'Kling 3.0',
      seconds: ['3–15'],
      sound: true,
      best: '4K',
      references: 0,
      lastFrame: true,
      unlisted: false,
    });
    expect(summaryOf('video', 'kling-2.1')).toMatchObject({
      seconds: ['5', '10'],
      sound: false,
      best: '1080P',
    });
    expect(summaryOf('video', 'kling-2.6')).toMatchObject({ soundFrom: '1080P', lastFrameAt: '1080P' });
    expect(summaryOf('video', 'hailuo-02')).toMatchObject({
      seconds: ['6', '10'],
      fewer: { resolution: '1080P', seconds: ['6'] },
    });
    expect(summaryOf('video', 'hailuo-2.3-fast')?.needs).toBe('image');
    expect(summaryOf('video', 'vidu-q3')?.needs).toBe('references');
    expect(summaryOf('video', 'vidu-q2-pro')?.needs).toBe('either');
    expect(summaryOf('video', 'hunyuan-1.5')).toEqual({
      label: 'Hunyuan 1.5',
      seconds: ['5'],
      sound: false,
      unlisted: false,
      references: 0,
      lastFrame: false,
    });
    expect(summaryOf('image', 'vidu-q2')).toMatchObject({ best: '4K', references: 7, sound: false });
  });
});
