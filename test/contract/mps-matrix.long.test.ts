import {
  imageParameters,
  imageRules,
  judgeImage,
  judgeVideo,
  Refusal,
  readParameters,
  videoParameters,
  videoRules,
} from '@easel/mps-stand-in/internals';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createCatalogue, type Model } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest, ImageRequest, VideoRequest } from '../../src/mps/generation-request.js';
import { toParameters } from '../../src/mps/parameters/parameters.js';
import { type CreateParameters, imageBody, videoBody } from '../../src/mps/wire.js';

/*
 * Two readings of the facts, the catalogue's and the stand-in's, made independently: wherever both are
 * decided they must agree. What the sources leave open the catalogue does not offer, and the stand-in accepts
 * as undocumented. What MPS accepts and then fails, or silently makes otherwise, counts as refused.
 */

const catalogue = createCatalogue({ extra: Object.keys({ ...imageRules, ...videoRules }) });
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
const references = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 21].map((count) =>
  Array<typeof source>(count).fill(source),
);
const frames = [{ image: source }, { image: source, lastImage: source }, { lastImage: source }];

type Asked<R extends GenerationRequest> = Partial<Omit<R, 'kind' | 'model'>>;

/** Every mode, and no mode. */
const beginnings = [{}, ...frames, ...references.map((list) => ({ references: list }))];
const modes = [{}, ...frames, { references: [source] }];

/** Whole numbers of seconds, and what is not in the grid: a sample of every option of a version. */
function videoWishes(): readonly Asked<VideoRequest>[] {
  return [
    ...grid(),
    ...ratios.flatMap((aspectRatio) => modes.map((mode) => ({ aspectRatio, ...mode }))),
    { image: source, references: [source] },
    { references: [{ ...source, subject: 'fox' }] },
    { music: true },
    { offPeak: true },
    { watermark: true },
    ...['motion_control', 'avatar_i2v', 'lip_sync', 'template_effect', '3d_scene'].map((scene) => ({
      scene,
    })),
  ];
}

/** Beginning × length × resolution × sound, each also left out. */
function grid(): readonly Asked<VideoRequest>[] {
  const lengths = [{}, ...seconds.map((duration) => ({ duration }))];
  const sizes = [{}, ...resolutions.map((resolution) => ({ resolution }))];
  const sounds = [{}, { audio: true }, { audio: false }];
  return beginnings.flatMap((beginning) =>
    lengths.flatMap((length) =>
      sizes.flatMap((size) => sounds.map((sound) => ({ ...beginning, ...length, ...size, ...sound }))),
    ),
  );
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

interface Verdict {
  /** The catalogue's verdict. */
  readonly offered: boolean;
  /** The stand-in's verdict: accepted, and made as asked. */
  readonly accepted: boolean;
  readonly undocumented: readonly string[];
  /** The request in short, for a message. */
  readonly wish: string;
}

/** Both readings of a request. */
function judge(request: GenerationRequest, model: Model): Verdict {
  const outcome = toParameters(request, catalogue);
  const { action, body } = outcome.ok ? outcome.parameters : unruled(request, model);
  const wish = JSON.stringify(body);
  const offered = outcome.ok;
  try {
    const bytes = Buffer.from(wish);
    const { undocumented, dropped, failure } =
      action === 'CreateAigcImageTask'
        ? judgeImage(readParameters(imageParameters, bytes))
        : judgeVideo(readParameters(videoParameters, bytes));
    return { offered, accepted: failure === undefined && dropped.length === 0, undocumented, wish };
  } catch (error) {
    if (error instanceof Refusal) return { offered, accepted: false, undocumented: [], wish };
    throw error;
  }
}

describe('the catalogue and the stand-in', () => {
  const tally = { all: 0, offered: 0, refused: 0, doubted: 0 };
  /** Offered, but not made; made and documented, but not offered; offered, but undocumented. */
  const odd = { broken: [] as string[], missed: [] as string[], undocumented: new Set<string>() };

  beforeAll(() => {
    for (const { request, model } of requests()) {
      const { offered, accepted, undocumented, wish } = judge(request, model);
      tally.all += 1;
      tally.offered += Number(offered);
      tally.refused += Number(!accepted);
      tally.doubted += Number(undocumented.length > 0);
      if (offered && !accepted) odd.broken.push(wish);
      if (!offered && accepted && undocumented.length === 0) odd.missed.push(wish);
      if (offered) for (const doubt of undocumented) odd.undocumented.add(`${request.kind}: ${doubt}`);
    }
  });

  it('were compared on every version, beginning, length, resolution and sound, with enough answers of each kind', () => {
    expect(tally.all).toBeGreaterThan(100_000);
    expect(tally.offered).toBeGreaterThan(5000);
    expect(tally.refused).toBeGreaterThan(50_000);
    expect(tally.doubted).toBeGreaterThan(1000);
  });

  it('agree on everything that is offered', () => {
    expect(odd.broken.slice(0, 20)).toEqual([]);
  });

  it('agree on everything that is refused, except what the stand-in calls undocumented', () => {
    expect(odd.missed.slice(0, 20)).toEqual([]);
  });

  it('leave two offered things undocumented: which image models take a resolution, and which unlisted ones a ratio', () => {
    expect([...odd.undocumented].sort()).toEqual([
      'image: ExtraParameters.AspectRatio',
      'image: ExtraParameters.Resolution',
    ]);
  });
});
