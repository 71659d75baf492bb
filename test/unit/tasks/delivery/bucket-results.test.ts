import { describe, expect, it } from 'vitest';
import { createCosAddresses, createCosBucket } from '../../../../src/media/cos/bucket.js';
import { createBucketResults } from '../../../../src/tasks/delivery/bucket-results.js';
import { createCollectingLog } from '../../../support/log.js';
import { anImageRequest, aTask, states } from '../../../support/tasks.js';

const place = { bucket: 'pictures-1250000000', region: 'ap-guangzhou' };
const folder = { bucket: place.bucket, path: '/aigc-output/1/2-1/' };
const inBucket = (host: 'myqcloud.com' | 'tencentcos.cn', name = 'a_1.png') =>
  `https://${place.bucket}.cos.ap-guangzhou.${host}${folder.path}${name}`;
const atMps = 'https://aigc-1300000000.cos.ap-guangzhou.myqcloud.com/x_1.png?q-sign-algorithm=sha1';

function setUp(listed: readonly { key: string; bytes: number }[] = []) {
  const log = createCollectingLog();
  const told: string[] = [];
  const bucket = createCosBucket({
    ...place,
    addresses: createCosAddresses(place),
    now: Date.now,
    credentials: { secretId: 'AKID', secretKey: 'key' },
  });
  const keeping = createBucketResults({
    bucket: { ...bucket, list: async () => listed },
    name: place.bucket,
    place: () => folder,
    onUnkept: (message) => told.push(message),
    log,
  });
  return { keeping, log, told };
}

const running = { ...states.running, folder };
const results = (...urls: string[]) => ({ results: { urls, files: [] } });

describe("a result in the operator's bucket", () => {
  it('does not expire under either of its names, unlike signed links and those elsewhere', () => {
    const { keeping } = setUp();
    expect(keeping.lasts([inBucket('myqcloud.com'), inBucket('tencentcos.cn')])).toBe(true);
    expect(keeping.lasts([`${inBucket('myqcloud.com')}?q-sign-time=1;2`])).toBe(false);
    expect(keeping.lasts([inBucket('myqcloud.com'), atMps])).toBe(false);
    expect(keeping.lasts([])).toBe(false);
  });

  it('is named by its folder, and only if it is there', () => {
    const { keeping } = setUp();
    const name = 'pictures-1250000000/aigc-output/1/2-1/';
    expect(keeping.keptIn(results(inBucket('tencentcos.cn')))).toBe(name);
    expect(keeping.keptIn(results(inBucket('tencentcos.cn'), atMps))).toBeUndefined();
    expect(keeping.keptIn(results(atMps))).toBeUndefined();
    expect(keeping.keptIn({})).toBeUndefined();
  });

  it('is reported missing if MPS should have stored it: with the reason, and without the prompt', () => {
    const { keeping, log, told } = setUp();
    const task = aTask({ state: running, request: anImageRequest({ prompt: 'a secret fox' }) });
    keeping.note(task, { urls: [atMps], message: 'role not exist for a secret fox' });
    const [line] = log.lines;
    expect(line).toMatchObject({ level: 'error', message: expect.stringContaining('MPS_QcsRole') });
    expect(JSON.stringify(line)).toMatch(
      /role not exist.*Account authorization|Account authorization.*role not exist/,
    );
    expect(JSON.stringify(log.lines) + told).not.toContain('secret fox');
    expect(told).toEqual([expect.stringContaining('role not exist')]);
    expect(keeping.isHopeful(folder)).toBe(false);
    expect(keeping.searchable({ ...task, state: { name: 'submitting', folder } })).toBeUndefined();
    // Until it is seen to be kept again.
    keeping.note(task, { urls: [inBucket('myqcloud.com')] });
    expect(keeping.isHopeful(folder)).toBe(true);
    expect(log.lines).toHaveLength(1);
  });

  it('is not reported missing if MPS should not have stored it, or in another bucket', () => {
    const { keeping, log } = setUp();
    keeping.note(aTask({ state: states.running }), { urls: [atMps] });
    const other = { ...running, folder: { ...folder, bucket: 'others-1250000000' } };
    keeping.note(aTask({ state: other }), { urls: [atMps] });
    expect(log.lines).toEqual([]);
    expect(keeping.isHopeful(folder)).toBe(true);
    expect(keeping.isHopeful(other.folder)).toBe(false);
  });

  it('is only a file that can be one: no folder marker, no empty object, no cover beside a clip', async () => {
    const key = (name: string) => `aigc-output/1/2-1/${name}`;
    const names = ['', 'clip_10.mp4', 'clip_2.mp4', 'cover.jpg', 'without', 'empty.mp4'];
    const { keeping } = setUp(names.map((name) => ({ key: key(name), bytes: name === 'empty.mp4' ? 0 : 9 })));
    const { signal } = new AbortController();
    const look = async (kind: 'image' | 'video') =>
      (await keeping.look(folder, kind, signal)).map((url) => url.slice(url.lastIndexOf('/') + 1));
    expect(await look('video')).toEqual(['clip_2.mp4', 'clip_10.mp4', 'without']);
    expect(await look('image')).toEqual(['cover.jpg', 'without']);
  });
});
