import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MpsStandInOptions } from '@easel/mps-stand-in';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, create, describeTask, fox, run, start } from './mps-stand-in-kit.js';

const servers: Server[] = [];
afterEach(async () => {
  await closeAll();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A host of source images, by path; other paths are 404. */
async function host(files: Record<string, Buffer>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const file = files[request.url ?? ''];
    response.writeHead(file ? 200 : 404).end(file);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function image(format: 'png' | 'jpeg' | 'webp' | 'gif', bytes = 0, side = 320): Promise<Buffer> {
  const canvas = sharp({ create: { width: side, height: side, channels: 3, background: '#c33' } });
  const file = await canvas.toFormat(format).toBuffer();
  return Buffer.concat([file, Buffer.alloc(Math.max(0, bytes - file.length))]);
}

const mebibyte = 1024 * 1024;
const durations = { image: [60, 60], video: [180, 180] } as const;

/** The end of a task with these parameters. */
async function endOf(params: object, action: string, settings: MpsStandInOptions['settings'] = {}) {
  const standIn = await start({ durations, settings });
  const id = await create(standIn, params, action);
  await expect.poll(() => standIn.tasks[0]?.finishesAt).not.toBe(Number.POSITIVE_INFINITY);
  standIn.clock.advance(300_000);
  return describeTask(standIn, id);
}

describe('the source images of an image task', () => {
  it.each(['png', 'jpeg', 'webp'] as const)('can be %s', async (format) => {
    const { url } = await host({ '/a': await image(format) });
    const params = { ...fox, ImageInfos: [{ ImageUrl: `${url}/a` }] };
    expect(await endOf(params, 'CreateAigcImageTask')).toMatchObject({ Status: 'DONE' });
  });

  it.each([
    ['a gif', () => image('gif')],
    ['text', async () => Buffer.from('not an image')],
    ['nothing', async () => Buffer.alloc(0)],
    ['7 MB', () => image('png', 7 * mebibyte)],
  ])('may not be %s', async (_, file) => {
    const { url } = await host({ '/a': await file() });
    const params = { ...fox, ImageInfos: [{ ImageUrl: `${url}/a` }] };
    const { Status, Message } = await endOf(params, 'CreateAigcImageTask');
    expect(Status).toBe('FAIL');
    expect(Message).toContain('jpeg, png or webp under 7 MB');
  });

  it("can't be small on Kling", async () => {
    const { url } = await host({ '/a': await image('png', 0, 256) });
    const wish = { ...fox, ModelName: 'Kling', ImageInfos: [{ ImageUrl: `${url}/a` }] };
    const { Status, Message } = await endOf(wish, 'CreateAigcImageTask');
    expect([Status, Message]).toEqual(['FAIL', 'Image pixel is invalid']);
  });

  it('must exist', async () => {
    const { url } = await host({});
    const params = { ...fox, ImageInfos: [{ ImageUrl: `${url}/gone.png` }] };
    expect(await endOf(params, 'CreateAigcImageTask')).toMatchObject({
      Status: 'FAIL',
      Message: 'download failed: HTTP 404',
    });
  });

  it('are never fetched from beyond this machine', async () => {
    const params = { ...fox, ImageInfos: [{ ImageUrl: 'http://203.0.113.7/a.png' }] };
    const { Status, Message } = await endOf(params, 'CreateAigcImageTask');
    expect(Status).toBe('FAIL');
    expect(Message).toContain('is not on this machine');
  });
});

describe('the frames and references of a clip', () => {
  it('are all fetched, frames and references alike', async () => {
    const png = await image('png');
    const { url, asked } = await host({ '/first': png, '/last': await image('jpeg', 9 * mebibyte) });
    const frames = { ImageUrl: `${url}/first`, LastImageUrl: `${url}/last` };
    expect(await endOf({ ...run, ...frames }, 'CreateAigcVideoTask')).toMatchObject({ Status: 'DONE' });
    const ImageInfos = [{ ImageUrl: `${url}/first` }];
    const references = { ...run, ModelVersion: '3.0-Omni', ImageInfos };
    expect(await endOf(references, 'CreateAigcVideoTask')).toMatchObject({ Status: 'DONE' });
    expect(asked).toEqual(expect.arrayContaining(['/first', '/last', '/first']));
  });

  it("can't be small on Kling, which says so late unless configured otherwise", async () => {
    const { url } = await host({ '/small': await image('png', 0, 256), '/fine': await image('png', 0, 300) });
    const animate = (path: string, more = {}, settings: MpsStandInOptions['settings'] = {}) =>
      endOf({ ...run, ImageUrl: `${url}${path}`, ...more }, 'CreateAigcVideoTask', settings);
    expect(await animate('/small')).toMatchObject({ Status: 'FAIL', Message: 'Image pixel is invalid' });
    expect(await animate('/fine')).toMatchObject({ Status: 'DONE' });
    const lax = { klingLeastSide: { video: 1 } };
    expect(await animate('/small', {}, lax)).toMatchObject({ Status: 'DONE' });
    const hailuo = { ModelName: 'Hailuo', ModelVersion: '02', Duration: 6 };
    expect(await animate('/small', hailuo)).toMatchObject({ Status: 'DONE' });
  });

  it("can't be webp, nor 10 MB", async () => {
    const { url } = await host({ '/webp': await image('webp'), '/big': await image('png', 10 * mebibyte) });
    for (const path of ['/webp', '/big']) {
      const { Status, Message } = await endOf({ ...run, ImageUrl: `${url}${path}` }, 'CreateAigcVideoTask');
      expect(Status).toBe('FAIL');
      expect(Message).toContain('jpeg or png under 10 MB');
    }
  });

  it('fail the task as soon as it runs, not before the Create was answered', async () => {
    const { url } = await host({});
    const standIn = await start({ durations });
    const id = await create(standIn, { ...run, ImageUrl: `${url}/gone` }, 'CreateAigcVideoTask');
    await expect.poll(() => standIn.tasks[0]?.failure).toBeDefined();
    expect((await describeTask(standIn, id)).Status).toBe('WAIT');
    standIn.clock.advance(30_000);
    expect((await describeTask(standIn, id)).Status).toBe('FAIL');
  });
});
