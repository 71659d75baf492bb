import { describe, expect, it } from 'vitest';
import { formatShots, parseShots, spreadShots } from '../../../../src/discord/input/shots.js';

describe('shots', () => {
  it('are read with and without a length, in English and in Chinese', () => {
    expect(parseShots('a fox wakes | 3s: it runs｜2 秒：它睡着了')).toEqual([
      { prompt: 'a fox wakes' },
      { prompt: 'it runs', seconds: 3 },
      { prompt: '它睡着了', seconds: 2 },
    ]);
    expect(parseShots(' Auto ')).toBe('auto');
    // Not words of the prompt: a length that no shot can have is refused.
    expect(parseShots('1.5s: it runs | 2,5 sec: it sleeps')).toEqual([
      { prompt: 'it runs', seconds: 1.5 },
      { prompt: 'it sleeps', seconds: 2.5 },
    ]);
    expect(parseShots('a fox | | it runs')).toBeUndefined();
    expect(parseShots('3s:')).toBeUndefined();
  });

  it.each(['auto', 'a fox wakes | 3s: it runs'])('are written as they are read: %s', (line) => {
    expect(formatShots(parseShots(line) ?? [])).toBe(line);
  });

  const three = [{ prompt: 'a' }, { prompt: 'b', seconds: 3 }, { prompt: 'c' }];
  it.each([
    ['the length asked for', 10, undefined, [4, 3, 3], 10],
    ['the usual length', undefined, 8, [3, 3, 2], 8],
    ['what they need at least', undefined, 4, [1, 3, 1], 5],
    // Which is wrong, and told before money.
    ['more than was asked for', 3, undefined, [1, 3, 1], 3],
  ])('share %s', (_, duration, usual, seconds, total) => {
    const spread = spreadShots(three, duration, usual);
    expect(spread.shots !== 'auto' && spread.shots?.map((shot) => shot.duration)).toEqual(seconds);
    expect(spread.duration).toBe(total);
  });

  it('that all say their length make a clip of that length', () => {
    expect(spreadShots([{ prompt: 'a', seconds: 2 }], undefined, 5)).toEqual({
      shots: [{ prompt: 'a', duration: 2 }],
      duration: 2,
    });
  });
});
