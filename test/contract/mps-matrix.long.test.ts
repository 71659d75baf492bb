import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createMpsClient, type MpsClient } from '../../src/mps/client.js';
import { MpsError } from '../../src/mps/errors.js';
import type { GenerationRequest, ImageRequest, VideoRequest } from '../../src/mps/generation.js';
import type { Limit, Limits } from '../../src/mps/limits.js';
import { createCatalogue, type Model } from '../../src/mps/models.js';
import { toParameters } from '../../src/mps/parameters.js';
import { type CreateParameters, imageBody, videoBody } from '../../src/mps/wire.js';
import { createMpsStandIn, type MpsStandIn } from '../../src/playground/mps/stand-in.js';

/*
 * Two readings of the facts, the catalogue's and the stand-in's, made by different hands: whatever they both take for
 * decided they must decide alike. What the sources leave open the catalogue does not offer, and the stand-in accepts
 * with a doubt.
 */

const catalogue = createCatalogue();
const seconds = Array.from({ length: 18 }, (_, index) => index + 1);
const resolutions = ['540P', '720P', '768P', '1080P', '2K', '4K'];
const ratios = ['16:9', '9:16', '1:1', '4:3', '3:4', '3:2', '2:3', '21:9', '9:21', '4:5', '5:4', '7:3'];
const sizes = [
  '512x512',
  '1024x1024',
  '512x2048',
  '2048x2048',
  '511x600',
  '2048x2049',
  '100x3000',
  '1024x1025',
];
const source = { url: 'https://127.0.0.1:9/fox.png', name: 'fox.png' };
const references = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11].map((count) => Array<typeof source>(count).fill(source));
const frames = [{ image: source }, { image: source, lastImage: source }, { lastImage: source }];

type Asked<R extends GenerationRequest> = Partial<Omit<R, 'kind' | 'model'>>;

function videoWishes(): readonly Asked<VideoRequest>[] {
  return [
    {},
    ...seconds.map((duration) => ({ duration })),
    ...resolutions.flatMap((resolution) => [{}, ...frames].map((frame) => ({ resolution, ...frame }))),
    ...ratios.flatMap((aspectRatio) =>
      [{}, { image: source }, { references: [source] }].map((shown) => ({ aspectRatio, ...shown })),
    ),
    ...references.map((list) => ({ references: list })),
    ...frames,
    { image: source, references: [source] },
    { audio: true },
    { audio: false },
    { music: true },
    { offPeak: true },
    { watermark: true },
    ...['motion_control', 'avatar_i2v', 'lip_sync', 'template_effect', '3d_scene'].map((scene) => ({
      scene,
    })),
  ];
}

function imageWishes(): readonly Asked<ImageRequest>[] {
  return [
    {},
    ...ratios.map((aspectRatio) => ({ aspectRatio })),
    ...resolutions.map((resolution) => ({ resolution })),
    ...sizes.map((size) => ({ size })),
    ...references.map((list) => ({ references: list })),
    { references: [{ ...source, subject: 'fox' }] },
    { scene: '3d_panorama' },
    { watermark: true },
    { format: 'png' },
    { format: 'jpeg' },
  ];
}

/** Combinations of everything at once, the same ones every time. */
function mixedVideoWishes(count: number): readonly Asked<VideoRequest>[] {
  const mixed = fc.record(
    {
      duration: fc.constantFrom(...seconds),
      resolution: fc.constantFrom(...resolutions),
      aspectRatio: fc.constantFrom(...ratios),
      image: fc.constant(source),
      lastImage: fc.constant(source),
      references: fc.constantFrom(...references),
      audio: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  return fc.sample(mixed, { numRuns: count, seed: 8 });
}

function requests(): readonly { request: GenerationRequest; model: Model }[] {
  const base = { prompt: 'a red fox', enhance: false };
  return [
    ...catalogue.list('image').flatMap((model) =>
      imageWishes().map((wish) => ({
        model,
        request: { ...base, ...wish, kind: 'image' as const, model: model.id },
      })),
    ),
    ...catalogue.list('video').flatMap((model) =>
      [...videoWishes(), ...mixedVideoWishes(60)].map((wish) => ({
        model,
        request: { ...base, ...wish, kind: 'video' as const, model: model.id },
      })),
    ),
  ];
}

/** A request on the wire without a look at any rule. */
function unruled(request: GenerationRequest, { name, version }: Model): CreateParameters {
  const common = {
    ModelName: name,
    ModelVersion: version,
    SceneType: request.scene,
    Prompt: request.prompt,
    EnhancePrompt: request.enhance,
    ImageInfos: request.references?.map(({ url, subject }) => ({ ImageUrl: url, ReferenceType: subject })),
  };
  const extras = {
    AspectRatio: request.aspectRatio,
    Resolution: request.resolution,
    LogoAdd: request.watermark ? 1 : undefined,
  };
  if (request.kind === 'image') {
    const body = {
      ...common,
      ExtraParameters: { ...extras, OutputFormat: request.format },
      AdditionalParameters: request.size && JSON.stringify({ size: request.size }),
    };
    return { action: 'CreateAigcImageTask', body: imageBody.parse(asJson(body)) };
  }
  const { audio, offPeak, music } = request;
  const body = {
    ...common,
    ImageUrl: request.image?.url,
    LastImageUrl: request.lastImage?.url,
    Duration: request.duration,
    ExtraParameters: { ...extras, EnableAudio: audio, OffPeak: offPeak, EnableBgm: music },
  };
  return { action: 'CreateAigcVideoTask', body: videoBody.parse(asJson(body)) };
}

function asJson(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

interface Answer {
  /** What the catalogue says. */
  readonly offered: boolean;
  /** Set where the stand-in accepted it. */
  readonly taskId?: string;
  /** The request in short, for a message. */
  readonly wish: string;
}

interface Verdicts extends Omit<Answer, 'taskId'> {
  readonly accepted: boolean;
  readonly doubts: readonly string[];
}

const free: Limit = { run: (job) => job({ giveBack() {} }) };
const unlimited: Limits = {
  CreateAigcImageTask: free,
  DescribeAigcImageTask: free,
  CreateAigcVideoTask: free,
  DescribeAigcVideoTask: free,
  close: async () => {},
};

describe('the catalogue and the stand-in', () => {
  let mps: MpsStandIn;
  let client: MpsClient;
  let verdicts: readonly Verdicts[] = [];
  const answers: Answer[] = [];

  beforeAll(async () => {
    // On a clock that moves 150 ms with every look no rate is ever exceeded, and nobody has to wait.
    let time = Date.now();
    const now = () => (time += 150);
    mps = await createMpsStandIn({ now });
    client = createMpsClient({
      endpoint: mps.url,
      region: 'ap-guangzhou',
      credentials: { secretId: mps.secretId, secretKey: mps.secretKey },
      limits: unlimited,
      log: silentLog,
      now,
    });
    const todo = requests().values();
    const work = async () => {
      for (const { request, model } of todo) answers.push(await ask(request, model));
    };
    await Promise.all(Array.from({ length: 16 }, work));
    const doubts = new Map(mps.tasks.map((task) => [task.id, task.doubts]));
    verdicts = answers.map(({ taskId, ...rest }) => ({
      ...rest,
      accepted: taskId !== undefined,
      doubts: (taskId && doubts.get(taskId)) || [],
    }));
  }, 120_000);

  afterAll(async () => {
    await client.close();
    await mps.close();
  });

  async function ask(request: GenerationRequest, model: Model): Promise<Answer> {
    const outcome = toParameters(request, catalogue);
    const parameters = outcome.ok ? outcome.parameters : unruled(request, model);
    const answer = { offered: outcome.ok, wish: JSON.stringify(parameters.body) };
    try {
      const { taskId } = await client.create(parameters, { signal: new AbortController().signal });
      return { ...answer, taskId };
    } catch (error) {
      if (error instanceof MpsError && error.reason === 'rejected') return answer;
      throw error;
    }
  }

  it('were asked about thousands of combinations, of each sort enough to mean something', () => {
    const count = (matches: (verdict: Verdicts) => boolean) => verdicts.filter(matches).length;
    expect(verdicts.length).toBeGreaterThan(3000);
    expect(count(({ offered }) => offered)).toBeGreaterThan(500);
    expect(count(({ accepted }) => !accepted)).toBeGreaterThan(500);
    expect(count(({ doubts }) => doubts.length > 0)).toBeGreaterThan(100);
  });

  it('agree on everything that is offered', () => {
    expect(verdicts.filter(({ offered, accepted }) => offered && !accepted)).toEqual([]);
  });

  it('agree on everything that is refused, or the stand-in has its doubts', () => {
    const certain = ({ accepted, doubts }: Verdicts) => accepted && doubts.length === 0;
    expect(verdicts.filter((verdict) => !verdict.offered && certain(verdict))).toEqual([]);
  });

  it('have a doubt about one thing on offer: which pictures take a resolution, for the API lists only its values', () => {
    const doubtful = verdicts.filter(({ offered, doubts }) => offered && doubts.length > 0);
    expect([...new Set(doubtful.flatMap(({ doubts }) => doubts))]).toEqual(['ExtraParameters.Resolution']);
    expect(doubtful.every(({ wish }) => !wish.includes('Duration'))).toBe(true);
  });
});
