import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../../../src/config/config.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { VideoRules } from '../../../../src/mps/catalogue/model-rules.js';
import { openCatalogue, parseModels } from '../../../../src/mps/catalogue/models-file.js';
import { priceOf, priceRange } from '../../../../src/mps/catalogue/pricing.js';
import { problemsOf } from '../../../../src/mps/parameters/validation.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';

const built = createCatalogue();

/** The catalogue with a file's changes; the file must be right. */
function catalogueWith(text: string) {
  const { overrides, problems } = parseModels(text, 'models.jsonc');
  expect(problems).toEqual([]);
  return createCatalogue(overrides);
}

/** The errors of an invalid file, a line for each problem. */
function complaints(text: string): string[] {
  return parseModels(text, 'm').problems.map(
    ({ found, allowed, where }) => `${where}: ${found} → ${allowed}`,
  );
}

describe('a models file', () => {
  it('changes what it names and leaves all else as it was', () => {
    const catalogue = catalogueWith('{ "image": { "Kling 3.0": { "references": 4 } } }');
    expect(catalogue.find('image', 'kling-3.0')).toEqual({
      ...built.find('image', 'kling-3.0'),
      references: 4,
    });
    expect(catalogue.list('image').map(({ id }) => id)).toEqual(built.list('image').map(({ id }) => id));
    expect(catalogue.list('video')).toEqual(built.list('video'));
  });

  it('adds a model, which supports only what is listed', () => {
    const entry = { name: 'Wan', version: '2.6', durations: [10, 5], resolutions: ['720P'] };
    const catalogue = catalogueWith(JSON.stringify({ video: { 'Wan 2.6': entry } }));
    const added: VideoRules & { id: string; label: string } = {
      id: 'wan-2.6',
      label: 'Wan 2.6',
      kind: 'video',
      name: 'Wan',
      version: '2.6',
      references: 0,
      aspectRatios: [],
      resolutions: ['720P'],
      watermark: false,
      text: true,
      firstFrame: true,
      durations: [5, 10],
      defaultDuration: 5,
      ratioWithReferences: false,
      lastFrame: 'no',
      audio: false,
      offPeak: false,
    };
    expect(catalogue.find('video', 'Wan 2.6')).toEqual(added);
    expect(catalogue.find('image', 'Wan 2.6')).toBeUndefined();
  });

  it('hides a model of one kind', () => {
    const catalogue = catalogueWith('{ "video": { "kling-3.0": { "hidden": true } } }');
    expect(catalogue.find('video', 'kling-3.0')).toBeUndefined();
    expect(catalogue.find('image', 'kling-3.0')).toBeDefined();
  });

  it('can have comments, trailing commas, and a byte order mark', async () => {
    await inFile('\uFEFF// mine\n{ /* none */ "image": {}, }', (path) => {
      expect(openCatalogue(path).rules.problems).toEqual([]);
    });
  });

  it('gives a clip its shortest length if the default one is removed', () => {
    const catalogue = catalogueWith('{ "video": { "kling-3.0": { "durations": [12, 8] } } }');
    expect(catalogue.find('video', 'kling-3.0')).toMatchObject({ durations: [8, 12], defaultDuration: 8 });
  });

  it('is explained by a valid example', async () => {
    const catalogue = catalogueWith(await readFile('models.example.jsonc', 'utf8'));
    expect(catalogue.find('image', 'studio-1.0')?.references).toBe(3);
    expect(catalogue.find('video', 'pixverse-c1')).toBeUndefined();
    expect(catalogue.currency).toBe('CNY');
  });
});

describe('an invalid models file', () => {
  it('is reported with line and column, all problems at once and in order', () => {
    const text = `{
  "currency": "yuan",
  "image": {
    "hunyuan-3.0": { "watermark": "yes", "refrences": 3 },
    "hunyan-3.0": { "references": 3 },
  },
  "video": { "kling-3.0": { "durations": [5, 99999] } },
}`;
    expect(complaints(text).map((line) => line.split(' → ')[0])).toEqual([
      'm:2:15 (currency): "yuan"',
      'm:4:35 (image › hunyuan-3.0 › watermark): "yes"',
      'm:4:42 (image › hunyuan-3.0 › refrences): "refrences"; did you mean "references"?',
      'm:5:5 (image › hunyan-3.0): "hunyan-3.0", which is no built-in model; did you mean "hunyuan-3.0"?',
      'm:7:46 (video › kling-3.0 › durations › 1): 99999',
    ]);
  });

  const cases: readonly [string, string, string][] = [
    ['an empty file', '', 'm:1:1: the end of the file → a value'],
    ['a list', '[]', 'm:1:1: [] → an object with currency, image and video'],
    ['a missing comma', '{\n"image": {}\n"video": {}}', 'm:3:1: "\\"video\\"" → a comma'],
    ['a missing brace', '{ "image": { }', 'm:1:15: the end of the file → a closing }'],
    [
      'an unknown part',
      '{ "vidoe": {} }',
      'm:1:3 (vidoe): "vidoe"; did you mean "video"? → $schema, currency, image, video',
    ],
    ['a name twice', '{ "image": {},\n "image": {} }', 'm:2:2 (image): "image" again → each name once'],
    [
      'a model twice',
      '{ "image": { "kling-3.0": {},\n"Kling 3.0": {} } }',
      'm:2:1 (image › Kling 3.0): "Kling 3.0", the same model as "kling-3.0" → each model once',
    ],
    [
      'a name that is another model’s',
      '{ "image": { "wan": { "name": "Wan", "version": "2.6" } } }',
      'm:1:14 (image › wan): "wan" → "wan-2.6", for Wan 2.6',
    ],
    [
      'a usual length that is none',
      '{ "video": { "kling-2.0": { "defaultDuration": 7 } } }',
      'm:1:48 (video › kling-2.0 › defaultDuration): 7 → 5, 10',
    ],
    [
      'a usual resolution that is none',
      '{ "video": { "kling-2.0": { "defaultResolution": "4K" } } }',
      'm:1:50 (video › kling-2.0 › defaultResolution): "4K" → 720P, 1080P',
    ],
    [
      'a last frame at a resolution that is gone',
      '{ "video": { "kling-2.1": { "resolutions": ["720P"] } } }',
      'm:1:27 (video › kling-2.1 › lastFrame): "at-1080P", of 720P → "yes" or "no", or "1080P" among the resolutions',
    ],
    [
      'bounds no size can keep',
      '{ "image": { "hunyuan-3.0": { "size": { "minSide": 900, "maxPixels": 1000 } } } }',
      'm:1:39 (image › hunyuan-3.0 › size): { "minSide": 900, "maxPixels": 1000 } → bounds that a square picture can keep',
    ],
    [
      'bounds without a most',
      '{ "image": { "hunyuan-3.0": { "size": { "minSide": 512 } } } }',
      'm:1:39 (image › hunyuan-3.0 › size › maxPixels): nothing → a whole number from 1 to 100000000 (pixels)',
    ],
    [
      'a price without a currency',
      '{ "image": { "hunyuan-3.0": { "price": 0.2 } } }',
      'm:1:40 (image › hunyuan-3.0 › price): a price, in a file that names no currency → "currency": "CNY", or another, at the top of the file',
    ],
    [
      'a price below nothing',
      '{ "currency": "CNY", "video": { "h2-1.0": { "price": { "720P": -1, "1080P": 1 } } } }',
      'm:1:64 (video › h2-1.0 › price › 720P): -1 → a number such as 0.3, or one for each case: { "silent": 0.3, "sound": 0.5 } or { "plain": 0.3 }, and beside them "references" and "clip" (a clip as input)',
    ],
    [
      'a resolution without a price',
      '{ "currency": "CNY", "video": { "h2-1.0": { "price": { "720P": 1 } } } }',
      'm:1:54 (video › h2-1.0 › price): prices for 720P → a price for each of 720P, 1080P, or one for all',
    ],
    [
      'prices by resolution where there is none',
      '{ "currency": "CNY", "image": { "hunyuan-3.0": { "price": { "720P": 1 } } } }',
      'm:1:59 (image › hunyuan-3.0 › price): prices for 720P → one price: Hunyuan 3.0 takes no resolution',
    ],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    expect(complaints(text)).toEqual([expected]);
  });

  it('adopts nothing from an invalid entry', () => {
    const { overrides } = parseModels('{ "image": { "kling-3.0": { "references": 4, "size": 1 } } }', 'm');
    expect(overrides.models).toEqual([]);
  });

  it.each([
    ['is not there', 'nowhere.jsonc', 'ENOENT'],
    ['is a folder', tmpdir(), 'EISDIR'],
  ])('reports one that %s', (_name, path, code) => {
    const [problem] = openCatalogue(path).rules.problems ?? [];
    expect(problem?.found).toBe(`${JSON.stringify(path)}, which cannot be read: ${code}`);
  });

  it('is reported together with all other problems, in the one message', async () => {
    await inFile('{\n  "image": { "hunyuan-3.0": { "references": "3" } }\n}', (path) => {
      const { rules } = openCatalogue(path);
      const load = () => loadConfig({ MODELS_FILE: path, VIDEO_MODEL: 'klng-3.0' }, rules);
      expect(load).toThrow(ConfigError);
      expect(load).toThrow(
        /2:45 \(image › hunyuan-3\.0 › references\)[\s\S]*VIDEO_MODEL\n {4}found: {4}"klng-3\.0"; did you mean kling-3\.0/,
      );
    });
  });
});

describe('the models in the settings', () => {
  const keys = { DISCORD_TOKEN: 'a.b.c', TENCENTCLOUD_SECRET_ID: 'AKID', TENCENTCLOUD_SECRET_KEY: 'key' };
  const withoutHunyuan = '{ "image": { "hunyuan-3.0": { "hidden": true } } }';
  const load = (text: string, env: object) =>
    inFile(text, (path) => loadConfig({ ...keys, ...env }, openCatalogue(path).rules));

  it('can be one that the file adds', async () => {
    const text = '{ "image": { "wan-2.6": { "name": "Wan", "version": "2.6" } } }';
    expect((await load(text, { IMAGE_MODEL: 'Wan 2.6' })).image.model).toBe('wan-2.6');
  });

  it("can't be one that it hides, not even by default", async () => {
    await expect(load(withoutHunyuan, {})).rejects.toThrow(
      'IMAGE_MODEL\n    found:    "hunyuan-3.0", by default',
    );
  });

  it('do not matter while their kind is switched off', async () => {
    expect((await load(withoutHunyuan, { IMAGE_ENABLED: 'false' })).image.enabled).toBe(false);
  });
});

describe('a price', () => {
  const catalogue = catalogueWith(`{
    "currency": "CNY",
    "image": { "hunyuan-3.0": { "price": 0.2 }, "kling-3.0": { "price": { "720P": 1, "1080P": 2, "2K": 3, "4K": 4 } } },
    "video": {
      "kling-3.0": { "price": { "720P": { "silent": 0.1, "sound": 0.3 }, "1080P": 0.5, "4K": 2 } },
      "kling-2.0": { "price": { "silent": 1, "sound": 2 } },
      "hunyuan-1.5": { "price": 0.7 },
    },
  }`);

  it.each([
    ['a picture', anImageRequest(), 0.2],
    ['a picture of one resolution', anImageRequest({ model: 'kling-3.0', resolution: '2K' }), 3],
    ['a picture whose resolution is open, at its dearest', anImageRequest({ model: 'kling-3.0' }), 4],
    [
      'each second of a silent clip at the usual resolution',
      aVideoRequest({ duration: 3, audio: false }),
      0.3,
    ],
    ['each second of a clip with sound', aVideoRequest({ duration: 3, audio: true }), 0.9],
    ['a clip whose sound is open, at its dearest', aVideoRequest({ duration: 3 }), 0.9],
    ['a clip of one resolution', aVideoRequest({ duration: 3, resolution: '4K' }), 6],
    ['a clip of a model without sound', aVideoRequest({ model: 'kling-2.0', duration: 10 }), 10],
  ])('is that of %s', (_name, request, amount) => {
    expect(priceOf(request, catalogue)).toEqual({ amount, currency: 'CNY' });
  });

  it('assumes the default length, and five seconds if the model has none', () => {
    const { duration: _duration, ...open } = aVideoRequest({ audio: false });
    expect(priceOf(open, catalogue)?.amount).toBe(0.5);
    expect(priceOf({ ...open, model: 'hunyuan-1.5' }, catalogue)?.amount).toBe(3.5);
  });

  it('depends on references and an input clip if the file says so, and old forms stay as they were', () => {
    const priced = catalogueWith(`{
      "currency": "CNY",
      "image": { "kling-2.1": { "price": { "plain": 1, "references": 3 } } },
      "video": {
        "kling-o1": { "price": { "720P": { "plain": 0.6, "clip": 0.9 }, "1080P": { "plain": 0.8, "clip": 1.2 } } },
        "h2-1.0": { "price": { "silent": 1, "sound": 2, "references": { "silent": 3, "sound": 4 } } },
      },
    }`);
    const reference = { url: 'https://cdn.discordapp.com/fox.png', name: 'fox.png' };
    const of = (request: Parameters<typeof priceOf>[0]) => priceOf(request, priced)?.amount;
    expect(of(anImageRequest({ model: 'kling-2.1' }))).toBe(1);
    expect(of(anImageRequest({ model: 'kling-2.1', references: [reference] }))).toBe(3);
    expect(of(aVideoRequest({ model: 'kling-o1', duration: 5 }))).toBe(3);
    const h2 = aVideoRequest({ model: 'h2-1.0', duration: 5, references: [reference] });
    expect([of({ ...h2, audio: false }), of({ ...h2, audio: true })]).toEqual([15, 20]);
    const o1 = priced.find('video', 'kling-o1');
    expect(o1 && priceRange(o1)).toEqual({ least: 0.6, most: 0.8 });
    expect(o1?.price).toContainEqual({ resolution: '1080P', clip: true, amount: 1.2 });
  });

  it.each([
    ['a case beside silence alone', '{ "silent": 1, "references": 2 }'],
    ['one price for both, with nothing beside it', '{ "plain": 1 }'],
    ['both ways to say sound', '{ "plain": 1, "silent": 1, "sound": 2 }'],
    ['a case within itself', '{ "plain": 1, "clip": { "plain": 1, "clip": 2 } }'],
    ['a resolution of another model', '{ "720P": 1, "8K": 2 }'],
  ])('is refused for %s', (_name, price) => {
    const text = `{ "currency": "CNY", "video": { "kling-2.0": { "price": ${price} } } }`;
    expect(parseModels(text, 'm').problems).not.toEqual([]);
  });

  it('of four pictures made at once is four times that of one', () => {
    const priced = catalogueWith('{ "currency": "CNY", "image": { "mj-v8.1": { "price": 0.5 } } }');
    expect(priceOf(anImageRequest({ model: 'mj-v8.1' }), priced)?.amount).toBe(2);
  });

  it('is unknown if the file has none', () => {
    expect(priceOf(anImageRequest({ model: 'qwen-0925' }), catalogue)).toBeUndefined();
    expect(priceOf(anImageRequest({ model: 'no-such' }), catalogue)).toBeUndefined();
    expect(priceOf(anImageRequest(), built)).toBeUndefined();
  });

  it('ranges from the cheapest to the dearest', () => {
    const kling = catalogue.find('video', 'kling-3.0');
    expect(kling && priceRange(kling)).toEqual({ least: 0.1, most: 2 });
    const qwen = catalogue.find('image', 'qwen-0925');
    expect(qwen && priceRange(qwen)).toBeUndefined();
  });
});

describe('the prices of the example', () => {
  const [plain, references] = [{}, { references: [{ url: 'https://cdn.discordapp.com/a.png', name: 'a' }] }];
  const [silent, sound] = [{ audio: false }, { audio: true }];
  const clips: readonly [string, string, object, number][] = [
    ['kling-3.0', '720P', silent, 0.6],
    ['kling-3.0', '1080P', silent, 0.8],
    ['kling-3.0', '720P', sound, 0.9],
    ['kling-3.0', '1080P', sound, 1.2],
    ['kling-3.0', '4K', silent, 3],
    ['kling-3.0-omni', '720P', silent, 0.6],
    ['kling-3.0-omni', '1080P', silent, 0.8],
    ['kling-3.0-omni', '720P', sound, 0.8],
    ['kling-3.0-omni', '1080P', sound, 1],
    ['kling-o1', '720P', plain, 0.6],
    ['kling-o1', '1080P', plain, 0.8],
    ['kling-2.6', '720P', silent, 0.3],
    ['kling-2.6', '1080P', silent, 0.5],
    ['kling-2.6', '1080P', sound, 1],
    ['kling-2.5', '720P', plain, 0.3],
    ['kling-2.5', '1080P', plain, 0.5],
    ...['1.6', '2.0', '2.1'].flatMap((version): [string, string, object, number][] => [
      [`kling-${version}`, '720P', plain, 0.4],
      [`kling-${version}`, '1080P', plain, 0.7],
    ]),
    ['vidu-q3', '720P', references, 0.625],
    ['vidu-q3', '1080P', references, 0.782],
    ['vidu-q3-pro', '720P', plain, 0.782],
    ['vidu-q3-pro', '1080P', plain, 0.938],
    ['vidu-q3-turbo', '720P', plain, 0.375],
    ['vidu-q3-turbo', '1080P', plain, 0.438],
    ['vidu-q2', '720P', plain, 0.32],
    ['vidu-q2', '1080P', plain, 0.47],
    ['vidu-q2-pro', '720P', references, 0.35],
    ['vidu-q2-pro', '1080P', references, 0.7],
    ['vidu-q2-turbo', '720P', plain, 0.25],
    ['vidu-q2-turbo', '1080P', plain, 0.47],
    ['hailuo-02', '768P', plain, 0.33],
    ['hailuo-02', '1080P', plain, 0.58],
    ['hailuo-2.3', '768P', plain, 0.33],
    ['hailuo-2.3', '1080P', plain, 0.58],
    ['hailuo-2.3-fast', '768P', plain, 0.225],
    ['hailuo-2.3-fast', '1080P', plain, 0.385],
    ['pixverse-v5.6', '720P', plain, 0.315],
    ['pixverse-v5.6', '1080P', plain, 0.525],
    ['pixverse-v6', '720P', silent, 0.264],
    ['pixverse-v6', '1080P', silent, 0.528],
    ['pixverse-v6', '720P', sound, 0.352],
    ['pixverse-v6', '1080P', sound, 0.675],
  ];
  it.each(clips)('say that a second of %s at %s with %j costs what the facts say', async (...row) => {
    const [model, resolution, more, amount] = row;
    const catalogue = catalogueWith(await readFile('models.example.jsonc', 'utf8'));
    const request = aVideoRequest({ model, resolution, ...more, duration: 10 });
    expect(priceOf(request, catalogue)).toEqual({ amount: Math.round(amount * 1e7) / 1e6, currency: 'CNY' });
  });

  const pictures: readonly [string, object, number][] = [
    ['hunyuan-3.0', { size: '1024x1024' }, 0.2],
    ['qwen-0925', { size: '1024x1024' }, 0.3],
    ['qwen-0925', { size: '1040x1024' }, 0.38],
    ['qwen-0925', {}, 0.38],
    ['kling-3.0', { resolution: '1080P' }, 0.2],
    ['kling-3.0-omni', { resolution: '2K' }, 0.2],
    ['kling-o1', { resolution: '4K' }, 0.4],
    ['kling-2.1', { resolution: '2K' }, 0.1],
    ['kling-2.1', { resolution: '4K' }, 0.26],
    ['kling-2.1', { resolution: '4K', ...references }, 0.56],
    ['vidu-q2', { resolution: '1080P' }, 0.1875],
    ['vidu-q2', { resolution: '2K' }, 0.25],
    ['vidu-q2', { resolution: '4K' }, 0.3125],
    ['vidu-q2', { resolution: '4K', ...references }, 0.9375],
  ];
  it.each(pictures)('say that a picture by %s with %j costs what the facts say', async (...row) => {
    const [model, more, amount] = row;
    const catalogue = catalogueWith(await readFile('models.example.jsonc', 'utf8'));
    expect(priceOf(anImageRequest({ model, ...more }), catalogue)?.amount).toBe(amount);
  });

  it('are not built in', () => {
    for (const kind of ['image', 'video'] as const)
      for (const model of built.list(kind)) expect(model.price).toBeUndefined();
  });
});

describe('unlisted models', () => {
  it('are switched on by EXTRA_MODELS, or by an entry of the file', () => {
    const { catalogue, rules } = openCatalogue(undefined, ['Hailuo H3', 'mj-v8.1']);
    expect(rules.problems).toEqual([]);
    expect(catalogue.find('video', 'hailuo-h3')?.unlisted).toBe(true);
    expect(catalogue.find('image', 'mj-v8.1')?.unlisted).toBe(true);
    expect(catalogue.find('image', 'mj-v7')).toBeUndefined();
    const named = catalogueWith('{ "image": { "gem-3.1": {}, "mj-v7": { "hidden": true } } }');
    expect(named.find('image', 'gem-3.1')).toMatchObject({ references: 20, unlisted: true });
    expect(named.find('image', 'mj-v7')).toBeUndefined();
  });

  it('of an unknown name are refused, with a suggestion', () => {
    const { rules } = openCatalogue(undefined, ['hailu-h3', 'wan-2.6', 'kling-3.0']);
    expect(rules.problems?.map(({ variable, found }) => `${variable}: ${found}`)).toEqual([
      'EXTRA_MODELS: "hailu-h3"; did you mean hailuo-h3?',
      'EXTRA_MODELS: "wan-2.6", which is no model I know',
    ]);
    expect(() => loadConfig({}, rules)).toThrow(/EXTRA_MODELS[\s\S]*did you mean hailuo-h3\?/);
  });

  it('cause a warning if the file names one that MPS refuses', async () => {
    const text = '{ "image": { "wan-2.6": { "name": "Wan", "version": "2.6" } } }';
    await inFile(text, (path) => {
      const { catalogue, rules, warnings } = openCatalogue(path);
      expect(rules.problems).toEqual([]);
      expect(catalogue.find('image', 'wan-2.6')).toBeDefined();
      expect(warnings).toEqual(['MODELS_FILE offers Wan 2.6, which MPS refuses: "Not support model name."']);
    });
    expect(openCatalogue().warnings).toEqual([]);
  });
});

it('a prompt can be as long as the file says', () => {
  const catalogue = catalogueWith('{ "video": { "kling-3.0": { "promptLimit": 2500 } } }');
  const codes = (length: number) => {
    const model = catalogue.find('video', 'kling-3.0');
    return model && problemsOf(aVideoRequest({ prompt: 'x'.repeat(length) }), model).map(({ code }) => code);
  };
  expect(codes(2500)).toEqual([]);
  expect(codes(2501)).toEqual(['prompt.tooLong']);
});

let folder: string | undefined;
afterEach(async () => {
  if (folder) await rm(folder, { recursive: true });
  folder = undefined;
});

async function inFile<T>(text: string, use: (path: string) => T): Promise<T> {
  folder ??= await mkdtemp(join(tmpdir(), 'easel-models-'));
  const path = join(folder, 'models.jsonc');
  await writeFile(path, text);
  return use(path);
}
