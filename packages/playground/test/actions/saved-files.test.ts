import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientRefusal } from '@easel/discord-stand-in';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { aFile, aMessage } from '../../../../test/support/messages.js';
import { createArrivals } from '../../src/actions/saved-files.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-arrivals-'));
});
afterEach(() => rm(folder, { recursive: true }));

const create = () =>
  createArrivals({ folder, fetch: async (messageId, index) => Buffer.from(`${messageId}/${index}`) });

it('saves the results of a message once, and not the source images it holds', async () => {
  const arrivals = create();
  const message = aMessage({ attachments: [aFile('source-1.png'), aFile('fox.png'), aFile('fox.mp4')] });
  const [first] = await Promise.all([arrivals.collect(message), arrivals.collect(message)]);
  expect(first.map(({ path }) => path)).toEqual([join(folder, 'fox.png'), join(folder, 'fox.mp4')]);
  expect((await readdir(folder)).sort()).toEqual(['fox.mp4', 'fox.png']);
  expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe(`${message.id}/1`);
});

it('does not overwrite existing files', async () => {
  await writeFile(join(folder, 'fox.png'), 'mine');
  const [arrival] = await create().collect(aMessage({ attachments: [aFile('fox.png')] }));
  expect(arrival?.path).toBe(join(folder, 'fox-2.png'));
  expect(await readFile(join(folder, 'fox.png'), 'utf8')).toBe('mine');
});

it.each(['../../fox.png', '..', '/etc/fox.png', '.hidden', ''])(
  'keeps a file called %j inside its folder',
  async (name) => {
    const [arrival] = await create().collect(aMessage({ attachments: [aFile(name)] }));
    expect(await readdir(folder)).toEqual([arrival?.path.slice(folder.length + 1)]);
  },
);

it('"last" is the last picture, never a clip', async () => {
  const arrivals = create();
  await expect(arrivals.load('last')).rejects.toThrow(ClientRefusal);
  await arrivals.collect(aMessage({ attachments: [aFile('one.png')] }));
  const picture = aMessage({ attachments: [aFile('two.png')] });
  await arrivals.collect(picture);
  await arrivals.collect(aMessage({ attachments: [aFile('three.mp4')] }));
  expect(await arrivals.load('last')).toEqual({ filename: 'two.png', bytes: Buffer.from(`${picture.id}/0`) });
});

it('"last" is the last clip where one is asked for', async () => {
  const arrivals = create();
  await arrivals.collect(aMessage({ attachments: [aFile('two.png')] }));
  await expect(arrivals.load('last', ['video'])).rejects.toThrow('no clip has arrived yet');
  await arrivals.collect(aMessage({ attachments: [aFile('three.mp4')] }));
  await arrivals.collect(aMessage({ attachments: [aFile('four.png')] }));
  expect(await arrivals.load('last', ['video'])).toMatchObject({ filename: 'three.mp4' });
  expect(await arrivals.load('last', ['image'])).toMatchObject({ filename: 'four.png' });
});

it("a path that can't be read is refused with the reason", async () => {
  const arrivals = create();
  await expect(arrivals.load(join(folder, 'no.png'))).rejects.toThrow('there is no such file');
  await expect(arrivals.load(folder)).rejects.toThrow('it is a folder');
});
