import { setTimeout as sleep } from 'node:timers/promises';
import type { CosStandInOptions } from '@easel/cos-stand-in';
import type { MpsStandInOptions } from '@easel/mps-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { closeBuckets, createCosSdk, raw, startBucket } from './cos-stand-in-kit.js';
import { closeAll, create, createSdk, describeTask, fox, run, start } from './mps-stand-in-kit.js';

afterEach(async () => {
  await closeAll();
  await closeBuckets();
});

const instant = { durations: { image: [0, 0], video: [0, 0] } } as const;
const hour = 3_600_000;

async function world(mps: MpsStandInOptions = {}, bucket: CosStandInOptions = {}) {
  const cos = await startBucket(bucket);
  const standIn = await start({ ...instant, cos, ...mps });
  const StoreCosParam = {
    CosBucketName: cos.bucket,
    CosBucketRegion: cos.region,
    CosBucketPath: '/easel/task-1/',
  };
  return { cos, mps: standIn, StoreCosParam };
}

type World = Awaited<ReturnType<typeof world>>;

/** Asks until a task is over, as a bot would: less than 20 times a second. */
async function ended({ mps }: Pick<World, 'mps'>, id: string) {
  for (;;) {
    const fields = await describeTask(mps, id);
    if (fields.Status === 'DONE' || fields.Status === 'FAIL') return fields;
    await sleep(60);
  }
}

const linksIn = (fields: Record<string, unknown>) => fields.ImageUrls as string[];

describe('with StoreCosParam, MPS', () => {
  it("stores the result in the operator's bucket, where the official SDK finds it, and answers a bare link", async () => {
    const { cos, mps, StoreCosParam } = await world();
    const { TaskId = '' } = await createSdk(mps).CreateAigcImageTask({ ...fox, StoreCosParam });
    const fields = await ended({ mps }, TaskId);
    const key = `easel/task-1/${TaskId}_0.png`;
    expect(fields).toMatchObject({ Status: 'DONE', Message: 'ok', ImageUrls: [`${cos.url}/${key}`] });
    const bare = await fetch(linksIn(fields)[0] ?? '');
    expect(bare.status).toBe(403);
    const sdk = createCosSdk(cos);
    const at = { Bucket: cos.bucket, Region: cos.region };
    const { Contents } = await sdk.getBucket({ ...at, Prefix: 'easel/task-1/' });
    expect(Contents.map(({ Key }) => Key)).toEqual([key]);
    const { Body, headers } = await sdk.getObject({ ...at, Key: key });
    expect(Body).toEqual(await mps.resultBytes(TaskId));
    expect(headers?.['content-type']).toBe('image/png');
    expect(mps.tasks[0]).toMatchObject({ keys: [key], storedAt: expect.any(Number) });
    expect(cos.records[0]).toMatchObject({ method: 'PUT', signer: 'service', status: 200 });
  });

  it('stores every file of a task, even if it is never polled', async () => {
    const { cos, mps, StoreCosParam } = await world();
    mps.faults.add({ kind: 'results', number: 3 });
    mps.faults.add({ kind: 'reset', when: 'after' });
    await expect(create(mps, { ...fox, StoreCosParam })).rejects.toThrow();
    await expect.poll(() => cos.objects.size).toBe(3);
    expect([...cos.objects.keys()].map((key) => key.slice(-6))).toEqual(['_0.png', '_1.png', '_2.png']);
  });

  it('stores nothing of a task that fails', async () => {
    const { cos, mps, StoreCosParam } = await world();
    mps.faults.add({ kind: 'fail' });
    const failing = await create(mps, { ...fox, StoreCosParam });
    mps.faults.clear();
    const good = await create(mps, { ...run, StoreCosParam }, 'CreateAigcVideoTask');
    await ended({ mps }, good);
    expect(await describeTask(mps, failing)).toMatchObject({ Status: 'FAIL' });
    expect([...cos.objects.keys()]).toEqual([`easel/task-1/${good}_0.mp4`]);
  });

  it('keeps its results itself without the role, says so once done, and its link expires after 12 hours', async () => {
    const { cos, mps, StoreCosParam } = await world({ settings: { role: false } });
    const id = await create(mps, { ...fox, StoreCosParam });
    const fields = await ended({ mps }, id);
    expect(fields).toMatchObject({ Status: 'DONE', Message: 'role not exist' });
    const [link = ''] = linksIn(fields);
    expect(new URL(link).searchParams.get('q-sign-algorithm')).toBe('sha1');
    expect(Buffer.from(await (await fetch(link)).arrayBuffer())).toEqual(await mps.resultBytes(id));
    mps.clock.advance(12 * hour);
    expect((await fetch(link)).status).toBe(403);
    expect(cos.records).toEqual([]);
  });

  it('knows only the bucket that it can write to', async () => {
    const { mps, StoreCosParam } = await world();
    const other = { ...StoreCosParam, CosBucketName: 'other-1250000000' };
    const fields = await ended({ mps }, await create(mps, { ...fox, StoreCosParam: other }));
    expect(fields.Message).toBe('bucket not exist');
    expect(linksIn(fields)[0]).toContain('q-signature=');
  });

  it.each([
    ['myqcloud', 'https://easel-1250000000.cos.ap-guangzhou.myqcloud.com/easel/task-1/'],
    ['tencentcos', 'https://easel-1250000000.cos.ap-guangzhou.tencentcos.cn/easel/task-1/'],
  ] as const)('answers the real names of the bucket by the setting %s', async (bucketLinks, start) => {
    const { mps, StoreCosParam } = await world({ settings: { bucketLinks, objectName: 'out {n}.{ext}' } });
    const fields = await ended({ mps }, await create(mps, { ...fox, StoreCosParam }));
    expect(linksIn(fields)).toEqual([`${start}out%200.png`]);
  });

  it('stores before DONE, at DONE or after it, as configured', async () => {
    const { cos, mps, StoreCosParam } = await world({
      durations: { image: [100, 100], video: [100, 100] },
      settings: { objectsAfterMs: 30_000 },
    });
    const late = await create(mps, { ...fox, StoreCosParam });
    mps.clock.advance(100_000);
    const fields = await ended({ mps }, late);
    const path = new URL(linksIn(fields)[0] ?? '').pathname;
    expect([...cos.objects.keys()]).toEqual([]);
    mps.clock.advance(30_000);
    await expect.poll(() => [...cos.objects.keys()]).toEqual([path.slice(1)]);

    mps.settings.update({ objectsAfterMs: -50_000 });
    const early = await create(mps, { ...fox, StoreCosParam });
    mps.clock.advance(60_000);
    await expect.poll(() => cos.objects.size).toBe(2);
    expect(await describeTask(mps, early)).toMatchObject({ Status: 'RUN' });
  });

  it("stores despite faults on the account's key, and gives up if the bucket is gone", async () => {
    const { cos, mps, StoreCosParam } = await world();
    cos.settings.update({ denied: [{ right: 'cos:PutObject' }] });
    cos.faults.add({ kind: 'error' });
    await ended({ mps }, await create(mps, { ...fox, StoreCosParam }));
    expect(cos.objects.size).toBe(1);
    await cos.close();
    const fields = await ended({ mps }, await create(mps, { ...fox, StoreCosParam }));
    expect(fields.Message).toMatch(/^store result failed/);
    expect((await fetch(linksIn(fields)[0] ?? '')).status).toBe(200);
  });
});

describe("a link to MPS's own hosting", () => {
  it('opens only with its signature', async () => {
    const mps = await start(instant);
    const id = await create(mps);
    const link = linksIn(await ended({ mps }, id))[0] ?? '';
    expect(link).toMatch(new RegExp(`/results/${id}_0\\.png\\?q-sign-algorithm=sha1&q-ak=AKID`));
    const status = (url: string) => fetch(url).then((response) => response.status);
    expect(await status(link)).toBe(200);
    expect(await status(link.replace('_0.png', '_1.png'))).toBe(403);
    expect(await status(link.split('?')[0] ?? '')).toBe(403);
    expect(await status(link.replace(/q-sign-time=(\d+);(\d+)/, 'q-sign-time=$1;99999999999'))).toBe(403);
  });

  it('can have a real host, over https or plain http', async () => {
    for (const ownLinks of ['https', 'http'] as const) {
      const mps = await start({ ...instant, settings: { ownLinks, imageIdPrefix: '1250000000' } });
      const id = await create(mps);
      expect(id).toMatch(/^1250000000-AigcImage-[0-9a-f]{32}$/);
      const url = new URL(linksIn(await ended({ mps }, id))[0] ?? '');
      expect(url.protocol).toBe(`${ownLinks}:`);
      expect(url.hostname).toMatch(/\.cos\.ap-guangzhou\.myqcloud\.com$/);
    }
  });

  it("is refused in COS's own words", async () => {
    const mps = await start(instant);
    const answer = await raw(mps, 'GET', '/results/%zz?q-signature=x');
    expect(answer.status).toBe(400);
    expect(answer.body.toString()).toContain('<Code>InvalidURI</Code>');
    expect(answer.headers['x-cos-request-id']).toBeDefined();
  });
});
