import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MpsStandInOptions } from '@easel/mps-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { type Handmade, handmade } from '../support/boxes.js';
import { closeAll, create, describeTask, run, start } from './mps-stand-in-kit.js';

const servers: Server[] = [];
afterEach(async () => {
  await closeAll();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A host of clips; it answers with as many as are named in the path (`/0`, `/1`). */
async function host(...files: readonly Buffer[]): Promise<string> {
  const server = createServer((request, response) => {
    const file = files[Number(request.url?.slice(1))];
    response.writeHead(file ? 200 : 404).end(file);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const durations = { image: [60, 60], video: [180, 180] } as const;
type Settings = MpsStandInOptions['settings'];
interface Wish {
  readonly params?: object;
  readonly settings?: Settings;
  readonly refer?: 'base' | 'feature';
}

/** The end of a task with these clips, and the stand-in's record of it. */
async function endWith(clips: readonly Buffer[], { params = {}, settings = {}, refer = 'base' }: Wish = {}) {
  const url = await host(...clips);
  const standIn = await start({ durations, settings });
  const VideoInfos = clips.map((_, at) => ({ VideoUrl: `${url}/${at}`, ReferType: refer }));
  const wish = { ...run, ModelVersion: '3.0-Omni', VideoInfos, ...params };
  const id = await create(standIn, wish, 'CreateAigcVideoTask');
  await expect.poll(() => standIn.tasks[0]?.finishesAt).not.toBe(Number.POSITIVE_INFINITY);
  standIn.clock.advance(300_000);
  const { Status, Message } = await describeTask(standIn, id);
  return { Status, Message, record: standIn.tasks[0] };
}

/** So many seconds at 24 a second. */
const lasting = (seconds: number) => handmade({ times: [[Math.round(24 * seconds), 25]] });

describe('a clip as input', () => {
  it('is billed at the dearer rate, for as long as it is', async () => {
    const { Status, record } = await endWith([lasting(7)], { params: { Duration: 5 } });
    expect([Status, record?.bill]).toEqual(['DONE', { seconds: 7, rate: 'clip' }]);
  });

  it.each([
    ['asked', 5.04],
    ['longer', 7],
  ] as const)('becomes %s if configured so', async (editedLength, seconds) => {
    const { record } = await endWith([lasting(7)], { params: { Duration: 5 }, settings: { editedLength } });
    expect(record?.seconds).toBe(seconds);
  });

  it('only lends its motion as a feature', async () => {
    const { record } = await endWith([lasting(7)], { params: { Duration: 5 }, refer: 'feature' });
    expect(record?.bill).toEqual({ seconds: 5.04, rate: 'clip' });
  });

  it.each<[string, Handmade, string]>([
    ['2 s', { times: [[48, 25]] }, '3 to 10 seconds'],
    ['11 s', { times: [[264, 25]] }, '3 to 10 seconds'],
    ['AV1', { codec: 'av01' }, 'codec av01'],
    ['200 pixels', { height: 200 }, '256 to 5760 pixels'],
    ['8K', { width: 7680, height: 4320 }, '256 to 5760 pixels'],
    ['sound alone', { handler: 'soun' }, 'no video stream'],
    ['half of its frames', { cutOff: 6_000 }, 'damaged'],
    ['4:4:4', { profile: 244 }, 'pixel format'],
    ['an unknown length', { said: 0xffffffff }, 'unknown duration'],
  ])('fails the task with %s', async (_, options, message) => {
    const { Status, Message } = await endWith([handmade(options)]);
    expect([Status, Message]).toEqual(['FAIL', expect.stringContaining(message)]);
  });

  it('may be HEVC, have its header last, or be turned', async () => {
    for (const options of [{ codec: 'hvc1' }, { isHeaderLast: true }, { turn: [0, 1] as const }])
      expect((await endWith([handmade(options)])).Status).toBe('DONE');
    const { Status } = await endWith([handmade({ profile: 244 })], { settings: { oddClips: 'taken' } });
    expect(Status).toBe('DONE');
  });

  it('has up to 8 s alone on Vidu q2-pro, and up to 5 s beside another', async () => {
    const vidu = { ModelName: 'Vidu', ModelVersion: 'q2-pro', Duration: 5 };
    expect((await endWith([lasting(8)], { params: vidu })).Status).toBe('DONE');
    expect((await endWith([lasting(5), lasting(5)], { params: vidu })).Status).toBe('DONE');
    const { Message } = await endWith([lasting(5), lasting(6)], { params: vidu });
    expect(Message).toContain('0 to 5 seconds');
  });
});
