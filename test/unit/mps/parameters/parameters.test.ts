import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type {
  GenerationRequest,
  ImageRequest,
  VideoRequest,
} from '../../../../src/mps/generation-request.js';
import { type ParametersContext, toParameters } from '../../../../src/mps/parameters/parameters.js';
import type { CreateParameters } from '../../../../src/mps/wire.js';
import { bodies } from '../../../../src/mps/wire.js';

const catalogue = createCatalogue();

const picture = (fields: Partial<ImageRequest> = {}): ImageRequest => ({
  kind: 'image',
  model: 'kling-3.0',
  prompt: 'a red fox',
  enhance: true,
  ...fields,
});
const clip = (fields: Partial<VideoRequest> = {}): VideoRequest => ({
  kind: 'video',
  model: 'kling-3.0',
  prompt: 'it runs',
  enhance: false,
  ...fields,
});
const source = (name = 'fox.png') => ({ url: `https://cdn.discordapp.com/${name}`, name });

function bodyOf(request: GenerationRequest, context?: ParametersContext): CreateParameters['body'] {
  const outcome = toParameters(request, catalogue, context);
  if (!outcome.ok) throw new Error(`refused: ${outcome.problems.map(({ code }) => code).join(' ')}`);
  return outcome.parameters.body;
}

function extrasOf(request: GenerationRequest, context?: ParametersContext): object | undefined {
  return bodyOf(request, context).ExtraParameters;
}

describe('clips as input', () => {
  const run = { url: 'https://cdn.discordapp.com/run.mp4', name: 'run.mp4', refer: 'base' } as const;

  it('go into VideoInfos, and an edited clip keeps its length', () => {
    const request = clip({ model: 'kling-3.0-omni', clips: [{ ...run, seconds: 7.04, keepSound: true }] });
    expect(bodyOf(request, { defaults: { duration: 5, audio: true } })).toEqual({
      ModelName: 'Kling',
      ModelVersion: '3.0-Omni',
      Prompt: 'it runs',
      EnhancePrompt: false,
      VideoInfos: [{ VideoUrl: run.url, ReferType: 'base', KeepOriginalSound: 'yes' }],
      Duration: 7,
    });
    const moved = clip({ model: 'kling-o1', clips: [{ ...run, refer: 'feature', seconds: 7 }] });
    expect(bodyOf(moved)).toMatchObject({
      VideoInfos: [{ VideoUrl: run.url, ReferType: 'feature' }],
      Duration: 5,
    });
  });

  it('of a clip that is too long only what was agreed to counts', () => {
    const request = clip({ model: 'kling-o1', clips: [{ ...run, seconds: 60, cutTo: 10 }] });
    expect(bodyOf(request)).toMatchObject({ Duration: 10 });
  });
});

describe('shots', () => {
  it('go into AdditionalParameters as text, beside what the user says there', () => {
    const request = clip({
      prompt: '',
      shots: [
        { prompt: 'a fox wakes ', duration: 2 },
        { prompt: 'it runs', duration: 3 },
      ],
      additional: '{"seed":7,"multi_shot":false}',
    });
    const { AdditionalParameters: text = '', ...body } = bodyOf(request, { defaults: { duration: 10 } });
    expect(JSON.parse(text)).toEqual({
      seed: 7,
      multi_shot: true,
      shot_type: 'customize',
      multi_prompt: [
        { index: 1, prompt: 'a fox wakes', duration: '2' },
        { index: 2, prompt: 'it runs', duration: '3' },
      ],
    });
    expect(body).toMatchObject({ Prompt: 'a fox wakes; it runs', Duration: 5 });
  });

  it('can be left to the model', () => {
    const { AdditionalParameters: text = '' } = bodyOf(clip({ shots: 'auto' }));
    expect(JSON.parse(text)).toEqual({ multi_shot: true, shot_type: 'intelligence' });
  });
});

describe('references by name', () => {
  const named = (prompt: string, fields: Partial<VideoRequest> = {}) =>
    bodyOf(clip({ model: 'kling-o1', references: [source('a.png'), source('b.png')], ...fields, prompt }))
      .Prompt;

  it.each([
    ['@1 meets @2', '<<<image_1>>> meets <<<image_2>>>'],
    ['让@1走向@2。', '让<<<image_1>>>走向<<<image_2>>>。'],
    ['a plain \\@1, and @1.', 'a plain @1, and <<<image_1>>>.'],
    [
      '@3 is none, nor are @0, fox@1.example, @1pac and @1.5',
      '@3 is none, nor are @0, fox@1.example, @1pac and @1.5',
    ],
  ])('%s', (prompt, written) => expect(named(prompt)).toBe(written));

  it('count clips after the pictures', () => {
    const clips = [{ url: 'https://cdn.discordapp.com/run.mp4', name: 'run.mp4', refer: 'feature' as const }];
    expect(named('@1 runs as in @3', { clips })).toBe('<<<image_1>>> runs as in <<<video_1>>>');
  });

  it('stay as they are for a model that knows no names', () => {
    const request = clip({ model: 'vidu-q2', references: [source()], prompt: '@1 runs' });
    expect(bodyOf(request).Prompt).toBe('@1 runs');
  });
});

describe('toParameters', () => {
  describe("turns the guide's samples into the guide's parameters, with EnhancePrompt and the API's field names", () => {
    it('the hanfu at the lake', () => {
      const prompt = 'A young woman in ancient Chinese hanfu, standing by a moonlit lake';
      expect(toParameters(picture({ model: 'hunyuan-3.0', prompt }), catalogue)).toEqual({
        ok: true,
        parameters: {
          action: 'CreateAigcImageTask',
          body: { ModelName: 'Hunyuan', ModelVersion: '3.0', Prompt: prompt, EnhancePrompt: true },
        },
      });
    });

    it('the woman who turns her head, with sound', () => {
      const prompt = 'The woman slowly turns her head and smiles';
      expect(toParameters(clip({ prompt, image: source(), duration: 5, audio: true }), catalogue)).toEqual({
        ok: true,
        parameters: {
          action: 'CreateAigcVideoTask',
          body: {
            ModelName: 'Kling',
            ModelVersion: '3.0',
            Prompt: prompt,
            EnhancePrompt: false,
            ImageUrl: 'https://cdn.discordapp.com/fox.png',
            Duration: 5,
            ExtraParameters: { EnableAudio: true },
          },
        },
      });
    });

    it('the silk dress, with sound at 1080P', () => {
      const body = bodyOf(clip({ image: source(), duration: 5, audio: true, resolution: '1080P' }));
      expect(body).toMatchObject({
        Duration: 5,
        ExtraParameters: { EnableAudio: true, Resolution: '1080P' },
      });
    });
  });

  it('sends EnhancePrompt always, as asked', () => {
    expect(bodyOf(picture({ enhance: false })).EnhancePrompt).toBe(false);
    expect(bodyOf(clip({ enhance: true })).EnhancePrompt).toBe(true);
  });

  it('sends no ExtraParameters and no AdditionalParameters if nothing was asked', () => {
    expect(bodyOf(picture())).not.toHaveProperty('ExtraParameters');
    expect(bodyOf(picture())).not.toHaveProperty('AdditionalParameters');
    expect(bodyOf(clip({ model: 'kling-2.1' }))).not.toHaveProperty('ExtraParameters');
  });

  it('sends every requested extra', () => {
    expect(
      extrasOf(picture({ aspectRatio: '21:9', resolution: '2K', watermark: true, format: 'png' })),
    ).toEqual({ AspectRatio: '21:9', Resolution: '2K', LogoAdd: 1, OutputFormat: 'png' });
    expect(
      extrasOf(
        clip({ model: 'vidu-q3-turbo', aspectRatio: '1:1', offPeak: true, watermark: false, audio: true }),
      ),
    ).toEqual({ AspectRatio: '1:1', LogoAdd: 0, EnableAudio: true, OffPeak: true });
  });

  it('omits declined options that the model lacks anyway', () => {
    const request = clip({
      model: 'hunyuan-1.5',
      audio: false,
      music: false,
      offPeak: false,
      watermark: false,
    });
    expect(bodyOf(request)).toEqual({
      ModelName: 'Hunyuan',
      ModelVersion: '1.5',
      Prompt: 'it runs',
      EnhancePrompt: false,
    });
  });

  it('sends references as ImageUrl, with a subject id if there is one', () => {
    const references = [{ ...source('a.png'), subject: 'fox' }, source('b.png')];
    expect(bodyOf(picture({ model: 'vidu-q2', references })).ImageInfos).toEqual([
      { ImageUrl: 'https://cdn.discordapp.com/a.png', ReferenceType: 'fox' },
      { ImageUrl: 'https://cdn.discordapp.com/b.png' },
    ]);
  });

  it('sends both frames of a clip', () => {
    expect(bodyOf(clip({ image: source('a.png'), lastImage: source('z.png') }))).toMatchObject({
      ImageUrl: 'https://cdn.discordapp.com/a.png',
      LastImageUrl: 'https://cdn.discordapp.com/z.png',
    });
  });

  it("sends a size as JSON text, in MPS's format", () => {
    expect(bodyOf(picture({ model: 'hunyuan-3.0', size: '768 × 1024' })).AdditionalParameters).toBe(
      '{"size":"768x1024"}',
    );
  });

  it('sends a scene with the version that makes it', () => {
    expect(bodyOf(picture({ model: 'hunyuan-3.0', scene: '3d_panorama' }))).toMatchObject({
      ModelVersion: '3d_2.0',
      SceneType: '3d_panorama',
    });
    expect(bodyOf(picture({ model: 'hunyuan-3.0' })).ModelVersion).toBe('3.0');
  });

  it('writes a ratio into the prompt of a model that reads it there, over one that the prompt has', () => {
    const mj = createCatalogue({ extra: ['mj-v8.1'] });
    const bodyFor = (fields: Partial<ImageRequest>) => {
      const outcome = toParameters(picture({ model: 'mj-v8.1', ...fields }), mj);
      return outcome.ok ? outcome.parameters.body : outcome.problems;
    };
    expect(bodyFor({ aspectRatio: '16:9' })).toEqual({
      ModelName: 'MJ',
      ModelVersion: 'v8.1',
      Prompt: 'a red fox --ar 16:9',
      EnhancePrompt: true,
    });
    expect(bodyFor({ prompt: 'a fox --ar 1:1 --chaos 5', aspectRatio: '9:16' })).toMatchObject({
      Prompt: expect.stringMatching(/^a fox\s+--chaos 5 --ar 9:16$/),
    });
    expect(bodyFor({ prompt: 'a fox --ar 1:1' })).toMatchObject({ Prompt: 'a fox --ar 1:1' });
  });

  it('keeps raw additional parameters beside the size', () => {
    const request = picture({ model: 'qwen-0925', size: '1024x1024', additional: '{"seed": 7}' });
    expect(bodyOf(request).AdditionalParameters).toBe('{"seed":7,"size":"1024x1024"}');
  });

  it('trims prompts and omits empty ones', () => {
    expect(bodyOf(clip({ prompt: '  ', image: source(), negative: ' ' }))).not.toHaveProperty('Prompt');
    expect(bodyOf(clip({ prompt: '  ', image: source(), negative: ' ' }))).not.toHaveProperty(
      'NegativePrompt',
    );
    expect(bodyOf(picture({ prompt: ' a fox ', negative: ' blur ' }))).toMatchObject({
      Prompt: 'a fox',
      NegativePrompt: 'blur',
    });
  });

  it('tells MPS where to store a lasting copy', () => {
    const cos = { bucket: 'easel-125', region: 'ap-guangzhou', path: '/aigc-output/g/t' };
    expect(bodyOf(picture(), { cos }).StoreCosParam).toEqual({
      CosBucketName: 'easel-125',
      CosBucketRegion: 'ap-guangzhou',
      CosBucketPath: '/aigc-output/g/t',
    });
    expect(bodyOf(clip(), { cos: { bucket: 'b', region: 'r' } }).StoreCosParam).toEqual({
      CosBucketName: 'b',
      CosBucketRegion: 'r',
    });
  });

  describe('with defaults of the operator', () => {
    const durationOf = (model: string, duration?: number) => {
      const body = bodyOf(clip({ model }), duration === undefined ? {} : { defaults: { duration } });
      return 'Duration' in body ? body.Duration : undefined;
    };

    it("uses the operator's duration if the model has it, or else the model's own, and always sends it", () => {
      expect(durationOf('kling-3.0', 8)).toBe(8);
      expect(durationOf('kling-2.1', 8)).toBe(5);
      expect(durationOf('hailuo-02', 5)).toBe(6);
      expect(durationOf('kling-3.0')).toBe(5);
      expect(durationOf('hunyuan-1.5', 5)).toBeUndefined();
    });

    it('sends audio yes or no to every model that has it, and nothing to the others', () => {
      const defaults = { audio: true };
      expect(extrasOf(clip(), { defaults })).toEqual({ EnableAudio: true });
      expect(extrasOf(clip())).toEqual({ EnableAudio: false });
      expect(extrasOf(clip({ audio: false }), { defaults })).toEqual({ EnableAudio: false });
      expect(extrasOf(clip({ model: 'kling-2.5' }), { defaults })).toBeUndefined();
    });

    it('sends no audio if the combination has no sound, or nothing else', () => {
      const defaults = { audio: true };
      const kling = (fields: Partial<VideoRequest>) =>
        extrasOf(clip({ model: 'kling-2.6', ...fields }), { defaults });
      expect(kling({})).toBeUndefined();
      expect(kling({ resolution: '720P' })).toEqual({ Resolution: '720P' });
      expect(kling({ resolution: '1080P' })).toEqual({ Resolution: '1080P', EnableAudio: true });
      expect(kling({ resolution: '1080P', image: source(), lastImage: source() })).toEqual({
        Resolution: '1080P',
      });
      const h3 = createCatalogue({ extra: ['hailuo-h3'] });
      const outcome = toParameters(clip({ model: 'hailuo-h3', audio: true }), h3, { defaults });
      expect(outcome.ok && outcome.parameters.body.ExtraParameters).toBeUndefined();
    });

    it("uses the operator's duration only if the resolution has it", () => {
      const defaults = { duration: 10 };
      const hailuo = (fields: Partial<VideoRequest>) =>
        bodyOf(clip({ model: 'hailuo-02', ...fields }), { defaults });
      expect(hailuo({})).toMatchObject({ Duration: 10 });
      expect(hailuo({ resolution: '1080P' })).toMatchObject({ Duration: 6 });
    });
  });

  it('sends only fields that the API knows, for any request that it accepts', () => {
    const outcomes = { sent: 0, refused: 0 };
    fc.assert(
      fc.property(anyRequest(), (request) => {
        const outcome = toParameters(request, catalogue, { cos: { bucket: 'b', region: 'r', path: '/p/' } });
        if (!outcome.ok) {
          outcomes.refused += 1;
          expect(outcome.problems.length).toBeGreaterThan(0);
          return;
        }
        outcomes.sent += 1;
        const { action, body } = outcome.parameters;
        expect(bodies[action].parse(body)).toEqual(body);
        expect(strangeIn(body)).toEqual([]);
        if (request.kind === 'video' && 'Duration' in body) {
          expect(catalogue.find('video', request.model)?.durations).toContain(body.Duration);
        }
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(outcomes.sent, outcomes.refused)).toBeGreaterThan(50);
  });
});

/** Fields that no API has, and invalid values; an address may well contain `null`. */
function strangeIn(body: object): string[] {
  const strange: string[] = [];
  JSON.stringify(body, (key, value) => {
    if (key === 'Url' || [null, undefined, 'null', 'undefined'].includes(value)) strange.push(key);
    return value;
  });
  return strange;
}

/** Requests of every shape, more often right than chance would have it. */
function anyRequest(): fc.Arbitrary<GenerationRequest> {
  const sources = fc.webUrl().map((url) => ({ url, name: 'x.png' }));
  const common = {
    prompt: fc.string({ maxLength: 40 }),
    negative: fc.string({ maxLength: 40 }),
    enhance: fc.boolean(),
    references: fc.array(sources, { maxLength: 3 }),
    aspectRatio: fc.constantFrom('16:9', '1:1', '21:9', '5:4'),
    resolution: fc.constantFrom('720P', '1080P', '4K'),
    watermark: fc.boolean(),
  };
  const required: ('kind' | 'model' | 'prompt' | 'enhance')[] = ['kind', 'model', 'prompt', 'enhance'];
  const idOf = (kind: 'image' | 'video') => fc.constantFrom(...catalogue.list(kind).map(({ id }) => id));
  const image = fc.record(
    {
      ...common,
      kind: fc.constant('image' as const),
      model: idOf('image'),
      size: fc.constantFrom('1024x1024', '640x480'),
      format: fc.constantFrom('png' as const, 'jpeg' as const),
    },
    { requiredKeys: required },
  );
  const video = fc.record(
    {
      ...common,
      kind: fc.constant('video' as const),
      model: idOf('video'),
      image: sources,
      lastImage: sources,
      duration: fc.integer({ min: 1, max: 16 }),
      audio: fc.boolean(),
      offPeak: fc.boolean(),
    },
    { requiredKeys: required },
  );
  return fc.oneof(image, video);
}
