import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCosBucket } from '../../../../src/media/cos/bucket.js';
import type { LocalFile } from '../../../../src/media/files.js';
import { type AddressRule, createAddressRule } from '../../../../src/media/http/url-guard.js';
import { SourceError, type Sources, type TakenSource } from '../../../../src/media/sources/source-intake.js';
import { sourceRules } from '../../../../src/mps/catalogue/model-rules.js';
import {
  createsOf,
  type GenerationRequest,
  type SourceImage,
  type SourceSound,
} from '../../../../src/mps/generation-request.js';
import { RouteClosedError } from '../../../../src/tasks/delivery/delivery-port.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { orderOf, partId, withOrder } from '../../../../src/tasks/model/task-set.js';
import { type Hosting, hostInCos, hostOnAnswer } from '../../../../src/tasks/sources/source-hosting.js';
import { expiryOf, sourcesOf } from '../../../../src/tasks/sources/source-images.js';
import { createPreparation } from '../../../../src/tasks/sources/source-preparation.js';
import { createFakeClock } from '../../../support/clock.js';
import { type CosStandIn, startCos } from '../../../support/cos.js';
import { createCollectingLog } from '../../../support/log.js';
import { anImageRequest, aTask, aVideoRequest } from '../../../support/tasks.js';

const minute = 60_000;
const hour = 60 * minute;
const clock = createFakeClock();
const png: TakenSource = { path: '/spool/1', type: 'image/png', bytes: 900, converted: false };
const webp: TakenSource = { path: '/spool/2', type: 'image/jpeg', bytes: 500, converted: true };

/** A link of Discord's that lives for `ms`. */
function link(name: string, ms: number): string {
  const ex = Math.floor((clock.now() + ms) / 1000).toString(16);
  return `https://cdn.discordapp.com/attachments/1/2/${name}?ex=${ex}&is=1&hm=2&`;
}
const image = (name = 'fox.png', ms = 24 * hour): SourceImage => ({
  url: link(name, ms),
  name,
  bytes: 1_000,
});

let taken: string[];
let released: string[];
let hosted: (readonly LocalFile[])[];
let files: Record<string, TakenSource | Error>;
let stop: AbortController;
let delivery: Parameters<typeof hostOnAnswer>[0];
let recall: (by: string) => Promise<string | undefined>;

beforeEach(() => {
  taken = [];
  released = [];
  hosted = [];
  files = {};
  stop = new AbortController();
  recall = async () => undefined;
  delivery = {
    async host(_, images) {
      hosted.push(images);
      return images.map((__, at) => ({
        url: link(`hosted-${hosted.length}-${at}`, 24 * hour),
        hostedAs: `${at}`,
      }));
    },
  };
});

function prepare(
  hosting: Hosting = hostOnAnswer({ host: (...given) => delivery.host(...given) }),
  lasts?: (url: string) => boolean,
) {
  const sources: Sources = {
    async take({ url, name }, rule, { signal }) {
      signal.throwIfAborted();
      expect(Object.values(sourceRules)).toContain(rule);
      taken.push(url);
      const file = files[name] ?? png;
      if (file instanceof Error) throw file;
      return file;
    },
    async release(those) {
      released.push(...those.map(({ path }) => path));
    },
  };
  return createPreparation({
    sources,
    clipSources: {
      take: () => Promise.reject(new Error('There is no clip.')),
      async takeSound({ url, name }) {
        taken.push(url);
        return files[name] as TakenSource;
      },
    },
    hosting,
    recall: (by) => recall(by),
    retryMs: 1,
    ...(lasts && { lasts }),
    signal: stop.signal,
    now: clock.now,
  });
}

const links = (request: GenerationRequest) => sourcesOf(request).map(({ url }) => url);

describe('before a task is queued', () => {
  it('a request without images is left as it is', async () => {
    const task = aTask();
    expect(await prepare().prepare(task)).toBe(task.request);
  });

  it('a picture in a bucket that is no longer configured is taken from Discord’s copy', async () => {
    const bare = 'https://pictures-1250000000.cos.ap-guangzhou.myqcloud.com/aigc-output/1/x.png';
    const made = { ...image('x.png'), url: bare, made: { by: '1:1' }, type: 'image/png', bytes: 900 };
    const copy = link('copy.png', 24 * hour);
    recall = async () => copy;
    const task = aTask({ request: aVideoRequest({ image: made }) });
    expect(links(await prepare(undefined, () => true).prepare(task))).toEqual([bare]);
    expect(links(await prepare(undefined, () => false).prepare(task))).not.toContain(bare);
  });

  it('MPS is given the upload itself if it can use that', async () => {
    const request = aVideoRequest({ image: image(), lastImage: image('last.png') });
    const made = await prepare().prepare(aTask({ request }));
    expect(links(made)).toEqual(links(request));
    expect(sourcesOf(made)).toMatchObject(Array(2).fill({ type: 'image/png', bytes: 900 }));
    expect(hosted).toEqual([]);
  });

  it('converted images are hosted, each under its own link, and the others stay', async () => {
    files = { 'a.webp': webp, 'c.webp': { ...webp, path: '/spool/3', bytes: 600 } };
    const [a, b, c] = [image('a.webp'), image('b.png'), { ...image('c.webp'), subject: 'fox' }];
    const made = await prepare().prepare(aTask({ request: anImageRequest({ references: [a, b, c] }) }));
    expect(hosted).toEqual([[files['a.webp'], files['c.webp']]]);
    expect(made.references).toEqual([
      {
        ...a,
        url: link('hosted-1-0', 24 * hour),
        hostedAs: '0',
        uploaded: a.url,
        type: 'image/jpeg',
        bytes: 500,
      },
      { ...b, type: 'image/png', bytes: 900 },
      {
        ...c,
        url: link('hosted-1-1', 24 * hour),
        hostedAs: '1',
        uploaded: c.url,
        type: 'image/jpeg',
        bytes: 600,
      },
    ]);
  });

  it('the same image in two places is fetched and hosted once', async () => {
    files = { 'a.webp': webp };
    const a = image('a.webp');
    const made = await prepare().prepare(aTask({ request: aVideoRequest({ image: a, references: [a] }) }));
    expect(taken).toHaveLength(1);
    expect(new Set(links(made))).toEqual(new Set([link('hosted-1-0', 24 * hour)]));
  });

  it('a repeated task starts from the uploads, not from what was hosted for the first', async () => {
    files = { 'a.webp': webp };
    const a = image('a.webp');
    const preparation = prepare();
    const first = await preparation.prepare(aTask({ request: aVideoRequest({ image: a }) }));
    const { host } = delivery;
    delivery = {
      host(task, images) {
        // An attachment of another answer: Discord would reject it.
        expect(sourcesOf(task.request).map(({ hostedAs }) => hostedAs)).toEqual([undefined]);
        return host(task, images);
      },
    };
    const second = await preparation.prepare(aTask({ request: first }));
    expect(taken).toEqual([a.url, a.url]);
    expect(sourcesOf(second)).toMatchObject([
      { url: link('hosted-2-0', 24 * hour), hostedAs: '0', uploaded: a.url },
    ]);
  });

  it('the first bad image stops all, and the fetched ones are released with the task', async () => {
    files = { 'b.png': new SourceError('broken', { name: 'b.png' }) };
    const references = [image('a.png'), image('b.png'), image('c.png')];
    const task = aTask({ request: anImageRequest({ references }) });
    const preparation = prepare();
    await expect(preparation.prepare(task)).rejects.toMatchObject({ reason: 'broken' });
    expect(taken).toHaveLength(2);
    expect(hosted).toEqual([]);
    await preparation.release(task.id);
    expect(released).toEqual([png.path]);
  });

  it('an image is hosted even if the network fails a few times', async () => {
    files = { 'a.webp': webp };
    let tries = 0;
    const stumbling: typeof delivery = {
      host: async (task, images) => {
        if (++tries < 4) throw new Error('other side closed');
        return delivery.host(task, images);
      },
    };
    const task = aTask({ request: aVideoRequest({ image: image('a.webp') }) });
    await prepare(hostOnAnswer(stumbling, { retryMs: 1 })).prepare(task);
    expect(tries).toBe(4);
    expect(hosted).toHaveLength(1);
  });

  it("an image that can't be hosted ends in a sentence that names it", async () => {
    files = { 'a.webp': webp };
    delivery = { host: () => Promise.reject(new RouteClosedError('The answer has no token.')) };
    const task = aTask({ request: aVideoRequest({ image: image('a.webp') }) });
    await expect(prepare().prepare(task)).rejects.toMatchObject({
      name: 'SourceError',
      reason: 'hosting',
      params: { name: 'a.webp' },
      cause: expect.any(RouteClosedError),
    });
  });

  it('a shutdown does not count as a failure of the image', async () => {
    files = { 'a.webp': webp };
    delivery = {
      async host() {
        stop.abort(new Error('stopping'));
        throw new Error('the connection broke');
      },
    };
    const task = aTask({ request: aVideoRequest({ image: image('a.webp') }) });
    await expect(prepare().prepare(task)).rejects.toThrow('stopping');
  });
});

describe('before a task is created', () => {
  it('valid links are left alone', async () => {
    const task = aTask({ request: aVideoRequest({ image: image('fox.png', hour) }) });
    const preparation = prepare();
    const request = await preparation.prepare(task);
    expect(await preparation.renew({ ...task, request })).toBe(request);
    expect(hosted).toEqual([]);
  });

  it.each([
    ['is dead', -minute],
    ['would die while MPS takes its time', 9 * minute],
  ])('an upload whose link %s is hosted, from the bytes taken before', async (_, life) => {
    const references = [image('a.png', life), image('b.png')];
    const task = aTask({ request: anImageRequest({ references }) });
    const preparation = prepare();
    const request = await preparation.prepare(task);
    expect(taken).toHaveLength(2);
    const renewed = await preparation.renew({ ...task, request });
    expect(taken).toHaveLength(2);
    expect(hosted).toEqual([[png]]);
    expect(sourcesOf(renewed)).toMatchObject([
      { url: link('hosted-1-0', 24 * hour), hostedAs: '0', uploaded: references[0]?.url },
      { url: references[1]?.url },
    ]);
  });

  it('a hosted image whose link expired in the queue is hosted once more, from the same bytes', async () => {
    files = { 'a.webp': webp };
    const a = image('a.webp');
    const task = aTask({ request: aVideoRequest({ image: a }) });
    const preparation = prepare();
    const request = await preparation.prepare(task);
    clock.pass(23 * hour + 55 * minute);
    const renewed = await preparation.renew({ ...task, request });
    expect(taken).toEqual([a.url]);
    expect(hosted).toEqual([[webp], [webp]]);
    expect(sourcesOf(renewed)).toMatchObject([{ url: link('hosted-2-0', 24 * hour), uploaded: a.url }]);
  });

  it('after a restart the bytes are fetched again from the upload', async () => {
    files = { 'a.webp': webp };
    const a = image('a.webp', hour);
    const task = aTask({ request: aVideoRequest({ image: a }) });
    const request = await prepare().prepare(task);
    clock.pass(24 * hour);
    await prepare().renew({ ...task, request });
    expect(taken).toEqual([a.url, a.url]);
    files = { 'a.webp': new SourceError('unreachable', { name: 'a.webp' }) };
    await expect(prepare().renew({ ...task, request })).rejects.toMatchObject({ reason: 'unreachable' });
  });
});

describe('in the operator’s bucket', () => {
  const credentials = { secretId: 'AKIDexample', secretKey: 'key' };
  let folder: string;
  let cos: CosStandIn;
  let addresses: AddressRule;
  const log = createCollectingLog();
  const open = () =>
    hostInCos({
      bucket: createCosBucket({
        bucket: 'pictures-1250000000',
        region: 'ap-guangzhou',
        credentials,
        addresses,
        now: clock.now,
        endpoint: cos.url,
        retryMs: 1,
      }),
      log,
    });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'easel-hosting-'));
    cos = await startCos({ ...credentials, now: clock.now });
    addresses = createAddressRule(cos.url);
    for (const [name, type] of [
      ['a.png', 'image/png'],
      ['b.webp', 'image/jpeg'],
    ] as const) {
      const path = join(folder, name);
      await writeFile(path, `the bytes of ${name}`);
      files[name] = { path, type, bytes: 9, converted: name === 'b.webp' };
    }
  });
  afterEach(async () => {
    await addresses.close();
    await cos[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const request = () => aVideoRequest({ image: image('a.png'), lastImage: image('b.webp') });

  it('every image is put into the task’s own folder, under links for two hours', async () => {
    const task = aTask({ request: request() });
    const made = await prepare(open()).prepare(task);
    const keys = [...cos.objects.keys()];
    expect(keys.map((key) => key.replace(/[0-9a-f]{32}/, '#')).sort()).toEqual(
      ['jpg', 'png'].map((ending) => `easel-sources/${task.id.replace(':', '-')}/#.${ending}`),
    );
    for (const { url, name, uploaded } of sourcesOf(made)) {
      expect(uploaded).toContain('cdn.discordapp.com');
      expect(expiryOf(url)).toBe(clock.now() + 2 * hour);
      const file = files[name];
      if (!file || file instanceof Error) throw new Error(name);
      expect(Buffer.from(await (await fetch(url)).arrayBuffer())).toEqual(await readFile(file.path));
    }
  });

  it('a task that may wait for two days has links for as long', async () => {
    const task = aTask({ request: { ...request(), offPeak: true } });
    const [first] = sourcesOf(await prepare(open()).prepare(task));
    expect(expiryOf(first?.url ?? '')).toBe(clock.now() + 48 * hour);
  });

  it('a sound goes there as pictures do, is signed again, and leaves nothing', async () => {
    const path = join(folder, 'song');
    await writeFile(path, 'la la la');
    files['song.mp3'] = { path, type: 'audio/mpeg', bytes: 8, converted: false };
    // One that was ordered before sounds were looked at says nothing of itself.
    for (const soundFile of [{ ...image('song.mp3'), sound: true as const }, image('song.mp3')]) {
      const task = aTask({
        request: aVideoRequest({ scene: 'avatar_i2v', soundFile: soundFile as SourceSound }),
      });
      const made = await prepare(open()).prepare(task);
      expect(made).toMatchObject({ soundFile: { type: 'audio/mpeg', sound: true, uploaded: soundFile.url } });
      expect([...cos.objects.keys()]).toEqual([expect.stringMatching(/[0-9a-f]{32}\.mp3$/)]);
      clock.pass(2 * hour + 1_000);
      const [renewed] = links(await prepare(open()).renew({ ...task, request: made }));
      expect((await fetch(renewed ?? '')).status).toBe(200);
      await prepare(open()).clear({ ...task, request: made });
      expect(cos.objects.size).toBe(0);
    }
  });

  it('repeated after a crash, it puts the same in the same place', async () => {
    const task = aTask({ request: request() });
    const once = await prepare(open()).prepare(task);
    const twice = await prepare(open()).prepare({ ...task, request: once });
    expect(cos.objects.size).toBe(2);
    expect(links(twice)).toEqual(links(once));
    expect(taken.every((url) => url.includes('cdn.discordapp.com'))).toBe(true);
  });

  it('a link that expired in the queue is signed again, without the bytes', async () => {
    const task = aTask({ request: request() });
    const made = await prepare(open()).prepare(task);
    clock.pass(2 * hour + 1_000);
    expect((await fetch(sourcesOf(made)[0]?.url ?? '')).status).toBe(403);
    const before = cos.seen.length;
    const renewed = await prepare(open()).renew({ ...task, request: made });
    expect(taken).toHaveLength(2);
    expect(cos.seen).toHaveLength(before);
    for (const { url } of sourcesOf(renewed)) expect((await fetch(url)).status).toBe(200);
  });

  it('an image hosted on an answer before the setting changed is put there when its link expires', async () => {
    const task = aTask({ request: request() });
    const made = await prepare().prepare(task);
    expect(hosted).toHaveLength(1);
    clock.pass(24 * hour);
    const renewed = await prepare(open()).renew({ ...task, request: made });
    expect(links(renewed).every((url) => url.startsWith(cos.url))).toBe(true);
  });

  it('nothing is left once the task is over, and nothing else is touched', async () => {
    const [task, other] = [aTask({ request: request() }), aTask({ request: request() })];
    const preparation = prepare(open());
    const made = await preparation.prepare(task);
    const others = await preparation.prepare(other);
    await preparation.clear({ ...task, request: made });
    await preparation.clear({ ...task, request: others });
    expect([...cos.objects.keys()].every((key) => key.includes(other.id.replace(':', '-')))).toBe(true);
    expect(cos.objects.size).toBe(2);
    expect(log.lines).toEqual([]);
  });

  it('the images of a set are in one place for all its parts, and stay until the last one is over', async () => {
    const wish = {
      count: 1,
      compare: [{ model: 'kling-3.0', without: ['lastImage'] as const }, { model: 'vidu-q2' }],
    };
    const set = { parts: 2, results: 2, part: 1, before: 0, wish, order: request() };
    const { lastImage: _last, ...own } = request();
    const lead = aTask({ request: own, set });
    const preparation = prepare(open());
    const prepared = withOrder(lead, await preparation.prepare({ ...lead, request: orderOf(lead) }));
    expect([taken.length, cos.objects.size, sourcesOf(prepared.request).length]).toEqual([2, 2, 1]);
    const second: Task = {
      ...lead,
      id: partId(lead.id, 2),
      request: createsOf(orderOf(prepared))[1] ?? own,
      set: { part: 2, parts: 2, before: 1, results: 2 },
    };
    expect(sourcesOf(second.request)).toHaveLength(2);
    clock.pass(2 * hour + 1_000);
    const renewed = { ...second, request: await preparation.renew(second) };
    expect([taken.length, cos.objects.size]).toEqual([2, 2]);
    for (const { url } of sourcesOf(renewed.request)) expect((await fetch(url)).status).toBe(200);
    await preparation.clear(prepared, [renewed]);
    expect(cos.objects.size).toBe(2);
    await preparation.clear(renewed, []);
    expect(cos.objects.size).toBe(0);
  });

  it('a refusal is a sentence to the user, and COS’s words to the operator', async () => {
    cos.fail(403, 403);
    const task = aTask({ request: aVideoRequest({ image: image('a.png') }) });
    await expect(prepare(open()).prepare(task)).rejects.toMatchObject({
      reason: 'hosting',
      params: { name: 'a.png' },
      cause: { status: 403, code: 'AccessDenied' },
    });
  });

  it("an object that can't be removed is left to the bucket’s lifecycle rules", async () => {
    const task = aTask({ request: aVideoRequest({ image: image('a.png') }) });
    const preparation = prepare(open());
    const made = await preparation.prepare(task);
    cos.fail(403);
    await preparation.clear({ ...task, request: made });
    expect(log.lines).toMatchObject([{ level: 'warn', details: { task: task.id } }]);
  });
});

describe('a link', () => {
  it('of Discord’s expires when its `ex` says, one of COS at its second time, any other never', () => {
    expect(expiryOf('https://cdn.discordapp.com/a/1/2/x.png?ex=6796b000&is=1&hm=2')).toBe(1_737_928_704_000);
    expect(expiryOf('https://b.cos.r.myqcloud.com/k?q-sign-time=1%3B1700000000')).toBe(1_700_000_000_000);
    expect(expiryOf('https://images-ext-1.discordapp.net/external/a/https/b/c.png')).toBe(Infinity);
    expect(expiryOf('https://cdn.discordapp.com/a/1/2/x.png?ex=soon')).toBe(Infinity);
  });
});

describe('a picture that MPS has made itself', () => {
  const link12h = 'https://mps.example.com/results/fox.png';
  const made = (changes: Partial<SourceImage> = {}): SourceImage => ({
    url: link12h,
    name: 'picture.png',
    type: 'image/png',
    bytes: 900,
    made: { by: '1146000000000000001:1', until: clock.now() + 12 * hour },
    ...changes,
  });
  const order = (image: SourceImage) => aTask({ request: aVideoRequest({ image }) });
  const copy = () => link('copy.png', 24 * hour);

  it('is passed as its own link as long as that is valid, and not fetched', async () => {
    const task = order(made());
    expect(links(await prepare().prepare(task))).toEqual([link12h]);
    expect(await prepare().renew(task)).toBe(task.request);
    expect(taken).toEqual([]);
  });

  it('is taken from Discord if its link expires in the queue, or had expired when it was ordered again', async () => {
    recall = async (by) => (by === '1146000000000000001:1' ? copy() : undefined);
    const task = order(made({ made: { by: '1146000000000000001:1', until: clock.now() + 60_000 } }));
    for (const request of [await prepare().renew(task), await prepare().prepare(task)])
      expect(sourcesOf(request)).toMatchObject([{ url: copy(), made: { until: 0 } }]);
    expect(taken).toEqual([copy(), copy()]);
    expect(hosted).toEqual([]);
  });

  it('is made smaller and hosted again if MPS would not accept it for a clip', async () => {
    recall = async () => copy();
    files = { 'picture.png': { ...webp, type: 'image/jpeg' } };
    const request = await prepare().renew(order(made({ bytes: 12_000_000 })));
    expect(sourcesOf(request)).toMatchObject([{ url: link('hosted-1-0', 24 * hour), uploaded: copy() }]);
  });

  it('is not fetched from here if Discord has no copy', async () => {
    const task = order(made({ made: { by: '1146000000000000001:1', until: clock.now() - 1 } }));
    await expect(prepare().renew(task)).rejects.toMatchObject({ reason: 'unreachable' });
    expect(taken).toEqual([]);
  });
});
