import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CosBucket, createCosBucket } from '../../../../src/media/cos/bucket.js';
import { type AddressRule, createAddressRule } from '../../../../src/media/http/url-guard.js';
import { createFetcher, FetchError, type Fetcher } from '../../../../src/media/results/result-fetcher.js';
import { createSpool, type Spool } from '../../../../src/media/storage/spool.js';
import { createOriginalSources } from '../../../../src/tasks/delivery/original-lookup.js';
import { createFakeClock } from '../../../support/clock.js';
import { type CosStandIn, startCos } from '../../../support/cos.js';
import { noise } from '../../../support/images.js';
import { type CollectingLog, createCollectingLog } from '../../../support/log.js';
import { aTask, noon, states } from '../../../support/tasks.js';

const credentials = { secretId: 'the-id', secretKey: 'the-key' };
const key = 'aigc-output/1100000000000000002/1146000000000000023-1/狐狸.png';
const never = new AbortController().signal;
const hour = 60 * 60_000;

const clock = createFakeClock(noon);
let picture: Buffer;
let cos: CosStandIn;
let addresses: AddressRule;
let spool: Spool;
let bucket: CosBucket;
let log: CollectingLog;

beforeEach(async () => {
  picture = await noise(8).png().toBuffer();
  cos = await startCos({ ...credentials, now: clock.now });
  addresses = createAddressRule(cos.url);
  spool = await createSpool();
  log = createCollectingLog();
  bucket = createCosBucket({
    bucket: 'pictures-1250000000',
    region: 'ap-guangzhou',
    credentials,
    addresses,
    now: clock.now,
    endpoint: cos.url,
    retryMs: 1,
  });
  await bucket.put(key, picture, { type: 'image/png', signal: never });
});
afterEach(async () => {
  await addresses.close();
  await cos[Symbol.asyncDispose]();
  await spool.close();
});

/** A delivered task whose one result is at this link, which expired an hour ago. */
function delivered(url: string) {
  const sha256 = createHash('sha256').update(picture).digest('hex');
  const files = [{ sha256, bytes: picture.length, type: 'image/png' }];
  return aTask({
    state: states.delivered,
    results: { urls: [url], linksExpireAt: clock.now() - hour, files },
  });
}

function sources(
  fetcher: Fetcher = createFetcher({ addresses, bucket, spool, log, now: clock.now, retryMs: 1 }),
) {
  return createOriginalSources({ fetcher, bucket, log, now: clock.now });
}

const inBucket = () => `${cos.url}/${encodeURI(key)}?q-sign-algorithm=sha1&q-signature=dead`;
const spooled = async () => (await readdir(dirname(spool.newPath()))).length;

describe('an original in the operator’s bucket', () => {
  it('is found there after MPS’s own link expired, under a new one valid for twelve hours', async () => {
    const before = await spooled();
    const found = await sources().find(delivered(inBucket()), { maxBytes: 1_000_000 });
    expect(found).toMatchObject([{ link: { until: clock.now() + 12 * hour } }]);
    expect(await readFile(found[0]?.file?.path ?? '')).toEqual(picture);
    const opened = await fetch(found[0]?.link?.url ?? '');
    expect(Buffer.from(await opened.arrayBuffer())).toEqual(picture);
    await sources().release(found);
    expect(await spooled()).toBe(before);
  });

  it('is posted as its link alone if it is too large, and nothing is fetched', async () => {
    const seen = cos.seen.length;
    const [found] = await sources().find(delivered(inBucket()), { maxBytes: picture.length - 1 });
    expect(found).toMatchObject({ link: { url: expect.stringContaining('q-signature=') } });
    expect(found?.file).toBeUndefined();
    expect(cos.seen).toHaveLength(seen);
  });

  it('is gone if the operator removed it, and no link is given', async () => {
    await bucket.remove(key, { signal: never });
    expect(await sources().find(delivered(inBucket()), { maxBytes: 1_000_000 })).toEqual([{}]);
  });

  it('is gone, too, if another file is there now', async () => {
    const before = await spooled();
    await bucket.put(key, await noise(9).png().toBuffer(), { type: 'image/png', signal: never });
    expect(await sources().find(delivered(inBucket()), { maxBytes: 1_000_000 })).toEqual([{}]);
    expect(log.lines.map(({ message }) => message)).toContain('a result differs from the one recorded');
    expect(await spooled()).toBe(before);
  });

  it('is reported missing if MPS gave only a link of its own, and that expired', async () => {
    const task = delivered('https://results.example.com/fox.png?sign=secret');
    expect(await sources().find(task, { maxBytes: 1_000_000 })).toEqual([{}]);
  });
});

describe("an original that can't be fetched", () => {
  const url = 'https://results.example.com/fox.png?sign=secret';
  const alive = () => {
    const task = delivered(url);
    return { ...task, results: { ...task.results, linksExpireAt: clock.now() + hour } } as typeof task;
  };
  const find = (reason: FetchError['reason']) =>
    sources({
      fetch: () => Promise.reject(new FetchError(reason, 'no file')),
      discard: async () => {},
    }).find(alive(), { maxBytes: 1_000_000 });

  it("because only this machine can't reach it is posted as its link, which works for others", async () => {
    expect(await find('misresolved')).toMatchObject([{ link: { url } }]);
  });

  it.each(['forbidden', 'unreadable'] as const)(
    'because it is %s is reported as such, and no link is given',
    async (reason) => {
      expect(await find(reason)).toEqual([{ unusable: true }]);
    },
  );

  it('because its link has expired is reported gone, and no link is given', async () => {
    expect(await find('gone')).toEqual([{}]);
  });
});
