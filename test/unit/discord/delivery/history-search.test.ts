import type { APIMessage } from 'discord.js';
import { SnowflakeUtil } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { search, windowOfAnswer, windowOfPost } from '../../../../src/discord/delivery/history-search.js';
import type { Rests } from '../../../../src/discord/rest/clients.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';

const minute = 60_000;
const idAt = (ms: number, n = 0) => String((BigInt(ms - Number(SnowflakeUtil.epoch)) << 22n) + BigInt(n));
const timeOf = (id: string | undefined) => SnowflakeUtil.timestampFrom(id ?? '0') - noon;

/** A channel in which someone writes every `everyMs` from noon on; answers as Discord does, newest first. */
function busyChannel(messages: number, everyMs: number) {
  const ids = Array.from({ length: messages }, (_, n) => idAt(noon + n * everyMs));
  let asked = 0;
  const bot = {
    async get(_route: string, { query }: { query: URLSearchParams }) {
      asked += 1;
      const [after, before] = [query.get('after'), query.get('before')];
      const within = ids.filter(
        (id) => (!after || BigInt(id) > BigInt(after)) && (!before || BigInt(id) < BigInt(before)),
      );
      return (after ? within.slice(0, 100) : within.slice(-100)).reverse().map((id) => ({ id }));
    },
  } as unknown as Rests['bot'];
  const find = async (wanted: string | undefined, window: Parameters<typeof search>[2]) =>
    (await search(bot, '3', window, ({ id }: APIMessage) => id === wanted))?.id;
  return { ids, find, asked: () => asked };
}

describe('a search in a channel', () => {
  it('reads one page if few have written', async () => {
    const { ids, find, asked } = busyChannel(50, 1_000);
    expect(await find(ids[30], { after: idAt(noon - 1) })).toBe(ids[30]);
    expect(await find('none', { after: idAt(noon - 1) })).toBeUndefined();
    expect(asked()).toBe(2);
  });

  it('finds a message anywhere in its window, however many have written, and quickly at either end', async () => {
    const { ids, find, asked } = busyChannel(9_000, 100);
    const window = { after: idAt(noon - 1), before: idAt(noon + 15 * minute) };
    for (const at of [0, 99, 100, 4_444, 4_500, 8_899, 8_999])
      expect(await find(ids[at], window)).toBe(ids[at]);
    const before = asked();
    await find(ids[150], window);
    await find(ids[8_850], window);
    expect(asked() - before).toBe(7);
  });

  it('ends where the two directions meet, and reads nothing outside its window', async () => {
    const { ids, find, asked } = busyChannel(9_000, 100);
    const window = { after: idAt(noon + minute), before: idAt(noon + 2 * minute) };
    expect(await find(ids[10], window)).toBeUndefined();
    expect(await find(ids[8_000], window)).toBeUndefined();
    expect(asked()).toBeLessThanOrEqual(18);
  });

  it('finds the newest ones if the time of sending is unknown', async () => {
    const { ids, find, asked } = busyChannel(30_000, 100);
    expect(await find(ids[29_950], { after: idAt(noon - 1) })).toBe(ids[29_950]);
    expect(asked()).toBe(2);
  });
});

describe('the window of a post', () => {
  const asked = (at: number) => anOrigin({ eventId: idAt(at) });
  const posting = (at?: number) => ({
    ...states.delivering,
    handover: { route: 'channel', tries: 1, ...(at !== undefined && { at }) } as const,
  });
  const history = [
    { state: 'received', at: noon },
    { state: 'delivering', at: noon + 3 * minute },
  ] as const;

  it('is around the time at which it was begun, hours after the order as well', () => {
    const { after, before } = windowOfPost(
      aTask({ origin: asked(noon - 200), state: posting(noon + 300 * minute), history }),
    );
    expect(timeOf(after)).toBeGreaterThan(297 * minute);
    expect(timeOf(after)).toBeLessThan(300 * minute);
    expect(timeOf(before)).toBeGreaterThanOrEqual(315 * minute);
    expect(timeOf(before)).toBeLessThan(320 * minute);
  });

  it.each([
    ['ahead', -20 * minute],
    ['behind', 20 * minute],
  ])('holds the post also where the clock is %s', (_, discord) => {
    const { after, before } = windowOfPost(
      aTask({ origin: asked(noon + discord), state: posting(noon + 60 * minute), history }),
    );
    const truly = 60 * minute + discord;
    expect(timeOf(after)).toBeLessThan(truly);
    expect(timeOf(before)).toBeGreaterThan(truly + 15 * minute);
  });

  it('begins at the order at the earliest, and ends now if the record lacks the time of the post', () => {
    const early = windowOfPost(aTask({ origin: asked(noon), state: posting(noon + 10), history }));
    expect(early.after).toBe(idAt(noon));
    const { after, before } = windowOfPost(aTask({ origin: asked(noon), state: posting(), history }));
    expect(timeOf(after)).toBe(2 * minute);
    expect(before).toBeUndefined();
  });

  it('of an answer is the life of its token', () => {
    const { after, before } = windowOfAnswer(aTask({ origin: asked(noon) }));
    expect([timeOf(after), timeOf(before)]).toEqual([0, 16 * minute]);
  });
});
