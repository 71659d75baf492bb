import { expect, it } from 'vitest';
import type { ClipRule } from '../../../../src/media/clips/clip-types.js';
import type { ClipSources, TakenClip } from '../../../../src/media/sources/clip-intake.js';
import { SourceError, type Sources } from '../../../../src/media/sources/source-intake.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import type { SourceClip, VideoRequest } from '../../../../src/mps/generation-request.js';
import { TooLargeError } from '../../../../src/tasks/delivery/delivery-port.js';
import { AttemptsSpentError } from '../../../../src/tasks/ledger/attempts.js';
import { createClipRule } from '../../../../src/tasks/sources/clip-rules.js';
import { type Hosting, hostOnAnswer } from '../../../../src/tasks/sources/source-hosting.js';
import { createPreparation } from '../../../../src/tasks/sources/source-preparation.js';
import { createFakeClock } from '../../../support/clock.js';
import { aTask, aVideoRequest } from '../../../support/tasks.js';

const clock = createFakeClock();
const url = 'https://cdn.discordapp.com/attachments/1/2/dog.mov';
const clip: SourceClip = { url, name: 'dog.mov', refer: 'base', keepSound: true };
const facts = { type: 'video/mp4', bytes: 900, seconds: 5.04, width: 1280, height: 720 } as const;
const asItIs: TakenClip = { ...facts, path: '/spool/1', converted: false };
const converted: TakenClip = { ...asItIs, converted: true };
const request = (...clips: SourceClip[]) => aVideoRequest({ model: 'kling-o1', clips });

interface Options {
  readonly hosting?: Hosting;
  readonly attempt?: <T>(work: () => Promise<T>) => Promise<T>;
  readonly hostable?: number;
}

/** Prepares an order with `files` by name; the rules that they were taken by. */
function preparing(files: Record<string, TakenClip | Error>, options: Options = {}) {
  const asked: { readonly rule: ClipRule; readonly cutTo: number | undefined }[] = [];
  const { hosting = hostOnAnswer({ host: async () => [{ url: `${url}?hosted`, hostedAs: '7' }] }) } = options;
  const clipSources: Pick<ClipSources, 'take'> = {
    async take({ name }, rule, { cutTo }) {
      asked.push({ rule, cutTo });
      const file = files[name];
      if (!file || file instanceof Error) throw file ?? new Error('no such clip');
      return file;
    },
  };
  const sources: Sources = {
    take: () => Promise.reject(new Error('it is no image')),
    release: async () => {},
  };
  const { attempt = (work) => work(), hostable } = options;
  const preparation = createPreparation({
    sources,
    clipSources,
    clipRule: createClipRule(createCatalogue()),
    hosting,
    hostable: async () => hostable,
    attempt: (_id, work) => attempt(work),
    recall: async () => undefined,
    retryMs: 1,
    signal: new AbortController().signal,
    now: clock.now,
  });
  const prepare = async (wanted: VideoRequest) =>
    (await preparation.prepare(aTask({ request: wanted }))) as VideoRequest;
  return { asked, prepare };
}

it('a clip that MPS takes stays where it is, and its length and size are known from then on', async () => {
  const { asked, prepare } = preparing({ 'dog.mov': asItIs });
  expect((await prepare(request(clip))).clips).toEqual([{ ...clip, ...facts }]);
  expect(asked).toEqual([
    {
      rule: { maxBytes: 50_000_000, minSide: 256, maxSide: 5_760, minSeconds: 3, maxSeconds: 10 },
      cutTo: undefined,
    },
  ]);
});

it('a converted clip is hosted, and may have no more bytes than fit there', async () => {
  const { asked, prepare } = preparing({ 'dog.mov': converted }, { hostable: 10_000_000 });
  expect((await prepare(request({ ...clip, cutTo: 8 }))).clips).toEqual([
    { ...clip, cutTo: 8, ...facts, url: `${url}?hosted`, hostedAs: '7', uploaded: url },
  ]);
  expect(asked).toMatchObject([{ rule: { maxMadeBytes: 10_000_000 }, cutTo: 8 }]);
});

it('two clips may be shorter than one alone on a model that takes two', async () => {
  const { asked, prepare } = preparing({ 'dog.mov': asItIs, 'cat.mov': asItIs });
  const cat = { ...clip, url: `${url}?2`, name: 'cat.mov' };
  await prepare({ ...request(clip, cat), model: 'vidu-q2-pro' });
  expect(asked.map(({ rule }) => rule.maxSeconds)).toEqual([5, 5]);
});

const reasonOf = (made: Promise<unknown>) =>
  made.then(
    () => 'taken',
    (error: unknown) => (error instanceof SourceError ? error.reason : error),
  );

it('a clip whose inspection ended the process twice is refused in words about clips', async () => {
  const attempt = () => Promise.reject(new AttemptsSpentError('sources'));
  expect(await reasonOf(preparing({}, { attempt }).prepare(request(clip)))).toBe('clip.heavy');
});

it('a clip that Discord does not take needs a bucket', async () => {
  const host = () => Promise.reject(new TooLargeError());
  const { prepare } = preparing({ 'dog.mov': converted }, { hosting: hostOnAnswer({ host }) });
  expect(await reasonOf(prepare(request(clip)))).toBe('clip.bucket');
});

it("a result that MPS still has isn't looked at again", async () => {
  const made = { by: '1146000000000000023:1', until: clock.now() + 3_600_000 };
  const { asked, prepare } = preparing({});
  const result = { ...clip, ...facts, made };
  expect((await prepare(request(result))).clips).toEqual([result]);
  expect(asked).toEqual([]);
  expect(await reasonOf(prepare(request({ ...result, cutTo: 3 })))).not.toBe('taken');
});
