import { DiscordAPIError } from 'discord.js';
import { expect, it } from 'vitest';
import { createResultPreviews } from '../../../../src/discord/input/result-previews.js';
import type { Rests } from '../../../../src/discord/rest/clients.js';
import { silentLog } from '../../../../src/log.js';
import type { Origin, Task } from '../../../../src/tasks/model/task.js';
import { sleep } from '../../../../src/util/abort.js';
import { anImageRequest, anOrigin, aTask, aVideoRequest, states } from '../../../support/tasks.js';

type Attachment = { id?: string; filename: string; url: string; content_type?: string; flags?: number };
const picture = { filename: 'fox.png', url: 'https://cdn.discordapp.com/attachments/1/2/fox.png?ex=1' };
const clip = { filename: 'fox.mp4', url: 'https://cdn.discordapp.com/attachments/1/3/fox.mp4?ex=1' };

interface Discord {
  readonly attachments?: readonly Attachment[];
  readonly refuses?: readonly [status: number, code: number];
  /** Never answers. */
  readonly silent?: boolean;
  readonly hasRoom?: boolean;
}

function setUp({ attachments = [picture], refuses, silent, hasRoom = true }: Discord = {}) {
  const asked: string[] = [];
  let [now, most] = [0, 0];
  const get = async (route: string, { signal }: { signal?: AbortSignal } = {}) => {
    asked.push(route);
    most = Math.max(most, ++now);
    await sleep(silent ? 60_000 : 1, signal, { ref: false }).finally(() => now--);
    if (!refuses) return { attachments };
    const [status, code] = refuses;
    throw new DiscordAPIError({ code, message: 'no' }, code, status, 'GET', route, {
      body: undefined,
      files: [],
    });
  };
  const previews = createResultPreviews({
    rests: { bot: { get } as unknown as Rests['bot'], guard: { hasRoom: () => hasRoom } },
    log: silentLog,
    patienceMs: silent ? 50 : 60_000,
    random: () => 0,
  });
  return { asked, previews, most: () => most };
}

const posted = (messageId = '24', changes: Partial<Task> = {}) =>
  aTask({ state: { ...states.delivered, posted: { channelId: '3', messageId } }, ...changes });
const from = (changes: Partial<Origin>) => posted('24', { origin: anOrigin(changes) });
const aClip = () => posted('24', { request: aVideoRequest() });

it('asks once for each message, a few at a time, and answers in order', async () => {
  const { asked, previews, most } = setUp({ attachments: [picture, clip] });
  const others = Array.from({ length: 9 }, (_, at) => posted(`${100 + at}`));
  const found = await previews.of([posted(), aClip(), ...others]);
  expect(found.map(({ url }) => url)).toEqual([picture.url, clip.url, ...others.map(() => picture.url)]);
  expect(asked).toHaveLength(10);
  expect(most()).toBeLessThanOrEqual(5);
});

it('asks for nothing that it is sure not to see', async () => {
  const { asked, previews } = setUp();
  const own = { guildInstalled: false };
  const tasks = [
    from({ private: true }),
    from(own),
    aTask({ state: states.delivered, origin: { ...withoutGuild(), ...own, mayPostLater: false } }),
    posted('24', { removed: true }),
  ];
  expect(await previews.of(tasks)).toEqual(
    ['private', 'elsewhere', 'elsewhere', 'deleted'].map((gap) => ({ gap })),
  );
  expect(asked).toEqual([]);
  const direct = aTask({ state: states.delivered, origin: { ...withoutGuild(), ...own } });
  expect(await previews.of([direct])).toEqual([{ url: picture.url, spoiler: false }]);
});

function withoutGuild(): Origin {
  const { guildId: _, ...origin } = anOrigin();
  return origin;
}

it.each<[string, Discord, string]>([
  ['a deleted message', { refuses: [404, 10_008] }, 'deleted'],
  ['a deleted channel', { refuses: [404, 10_003] }, 'deleted'],
  ['a closed channel', { refuses: [403, 50_001] }, 'unreadable'],
  ['a strange refusal', { refuses: [400, 50_035] }, 'unloaded'],
  ['a Discord that is silent', { silent: true }, 'unloaded'],
  ['a budget that is nearly spent', { hasRoom: false }, 'unloaded'],
  ['a message without a file', { attachments: [] }, 'fileless'],
  ['a file that is no picture', { attachments: [{ ...picture, filename: 'fox.txt' }] }, 'fileless'],
  ['a clip where a picture should be', { attachments: [clip] }, 'fileless'],
])('%s is a gap', async (_, discord, gap) => {
  expect(await setUp(discord).previews.of([posted()])).toEqual([{ gap }]);
});

it.each<[string, Attachment]>([
  ['name', { ...picture, filename: 'SPOILER_fox.png' }],
  ['flag', { ...picture, flags: 8 }],
])('a spoiler is known by its %s', async (_, file) => {
  const [found] = await setUp({ attachments: [file] }).previews.of([posted()]);
  expect(found).toEqual({ url: picture.url, spoiler: true });
});

it('a clip that was too large shows its picture', async () => {
  expect(await setUp().previews.of([aClip()])).toEqual([{ url: picture.url, spoiler: false }]);
});

it('of a set each part shows its own file, and none the source images beside them', async () => {
  const named = (name: string) => ({ ...picture, filename: name, url: `https://cdn.discordapp.com/${name}` });
  const sources = [{ ...named('a-source-1.png'), id: '77' }];
  const { previews } = setUp({
    attachments: [...sources, named('a-fox-1.png'), named('SPOILER_a-fox-3.png')],
  });
  const reference = { url: 'https://cdn.discordapp.com/x.png', name: 'x.png', hostedAs: '77' };
  const request = anImageRequest({ references: [reference] });
  const parts = [0, 1, 2].map((before) =>
    posted('24', { request, set: { part: before + 1, parts: 3, before, results: 3 } }),
  );
  expect(await previews.of(parts)).toEqual([
    { url: named('a-fox-1.png').url, spoiler: false },
    { gap: 'fileless' },
    { url: named('SPOILER_a-fox-3.png').url, spoiler: true },
  ]);
});
