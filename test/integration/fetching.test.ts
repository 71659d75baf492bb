import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type TextKey, text } from '../../src/locales/index.js';
import { startFileServer, whole } from '../support/files.js';
import { createWorld, delivered, failed, type World } from './world.js';

let world: World;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterEach(() => world.close());
afterAll(() => rm(folder, { recursive: true }));

/** The files in the running bot's spool. */
async function spooled(): Promise<string[]> {
  const spools = await readdir(folder);
  expect(spools).toHaveLength(1);
  return readdir(join(folder, spools[0] ?? '', 'files'));
}

type Fault = Parameters<World['mps']['faults']['add']>[0];

async function order(fault: Fault, who = 'ben') {
  world = await createWorld({ env: { SPOOL_DIR: folder }, timing: { retryMs: 5, stallMs: 300 } });
  world.mps.faults.add(fault);
  const command = { prompt: 'a red fox', size: '512x512' };
  return world.discord.actor(who, 'general').command('imagine', command);
}

describe('a result whose download fails at first still arrives', () => {
  it.each<[what: string, fault: Fault]>([
    ['stalls twice', { kind: 'stall', count: 2 }],
    ['breaks off three times', { kind: 'truncate', part: 0.3, count: 3 }],
    ['breaks off before its first byte', { kind: 'truncate', part: 0, count: 1 }],
    ['is said not to exist seven times', { kind: 'link', status: 404, count: 7 }],
    ['is refused six times', { kind: 'link', status: 403, count: 6 }],
    [
      'is sent to a closed port of this machine once',
      { kind: 'redirect', location: 'http://127.0.0.1:9/', count: 1 },
    ],
  ])('where it %s', async (_, fault) => {
    const message = await delivered(await order(fault));
    const [task] = world.mps.tasks;
    const posted = await world.discord.fetchAttachment(message.id, 0);
    expect(posted.equals(await world.mps.resultBytes(task?.id ?? ''))).toBe(true);
    expect(world.mps.tasks).toHaveLength(1);
    await expect.poll(spooled).toEqual([]);
  });
});

describe("a result that can't be downloaded is explained", () => {
  const cases: readonly [what: string, fault: Fault, key: TextKey][] = [
    [
      'leads to the metadata of a cloud machine',
      { kind: 'redirect', location: 'http://169.254.169.254/latest/meta-data' },
      'failure.forbidden',
    ],
    [
      'leads there over https',
      { kind: 'redirect', location: 'https://169.254.169.254/latest/meta-data' },
      'failure.forbidden',
    ],
    ['leads to a file', { kind: 'redirect', location: 'file:///etc/passwd' }, 'failure.forbidden'],
    ['is a page', { kind: 'mistype' }, 'failure.unreadable'],
    ['is nothing', { kind: 'mistype', text: '' }, 'failure.unreadable'],
  ];

  it.each(cases)('if it %s', async (_, fault, key) => {
    for (const [who, locale] of [
      ['ben', 'en-US'],
      ['lin', 'zh-CN'],
    ] as const) {
      const message = await failed(await order(fault, who));
      expect(message.content).toContain(text(locale, key));
      expect(message.attachments).toEqual([]);
      await expect.poll(spooled).toEqual([]);
      if (who === 'ben') await world.close();
    }
  });

  it('if this machine serves it, and it is not a picture', async () => {
    // If MPS is a stand-in on this machine its results can be here as well; otherwise nothing is fetched from it.
    await using secret = await startFileServer();
    secret.answers(whole(Buffer.from('{"secret":true}')));
    const message = await failed(await order({ kind: 'redirect', location: `${secret.url}/admin` }));
    expect(message.content).toContain(text('en-US', 'failure.unreadable'));
    expect(message.content).not.toContain('secret');
    await expect.poll(spooled).toEqual([]);
  });
});
