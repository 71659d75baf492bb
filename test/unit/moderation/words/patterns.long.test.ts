import { Session } from 'node:inspector';
import { describe, expect, it } from 'vitest';
import { compilePattern, type Pattern } from '../../../../src/moderation/words/patterns.js';

const compiled = (source: string): Pattern => {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(`${source} is ${pattern}`);
  return pattern;
};

/** How many blocks of code the engine ran: V8 counts each, so nothing depends on the clock. */
function stepsOf(run: () => void): number {
  const session = new Session();
  session.connect();
  const call = (method: string, params: object = {}): unknown => {
    let answer: unknown;
    session.post(method, params, (error: Error | null, result: unknown) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  };
  try {
    call('Profiler.enable');
    call('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    call('Profiler.takePreciseCoverage');
    run();
    const { result } = call('Profiler.takePreciseCoverage') as {
      result: { url: string; functions: { ranges: { count: number }[] }[] }[];
    };
    const own = result.filter(({ url }) => url.includes('re2js'));
    return own
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  } finally {
    call('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

describe("a moderator's pattern", () => {
  it.each([
    ['(a+)+$', 'a', '!'],
    ['(a|a)*b', 'a', 'c'],
    ['(a|aa)+$', 'a', '!'],
    ['(.*)*x', 'a', ''],
    ['(a*)*(a*)*b', 'a', ''],
    ['^(?:a?){40}a{40}$', 'a', '!'],
    [String.raw`^(\w+\s?)+$`, 'ab ', '!'],
    ['.*.*.*=', '=x'.slice(1), ''],
    ['(x+x+)+y', 'x', ''],
    [String.raw`([a-z]+\d*)+[^a-z0-9]{3}`, 'q', ''],
  ])('%s takes steps in proportion to the text', (source, unit, end) => {
    const pattern = compiled(source);
    const stepsFor = (times: number) => {
      const text = [unit.repeat(times) + end];
      return stepsOf(() => void pattern.matches(text));
    };
    // What is compiled lazily is there.
    stepsFor(500);
    const [once, fourTimes, sixteenTimes] = [stepsFor(500), stepsFor(2_000), stepsFor(8_000)];
    expect(once).toBeGreaterThan(100);
    expect(fourTimes).toBeLessThan(once * 8);
    expect(sixteenTimes).toBeLessThan(Math.max(once, 1_000) * 32);
  });
});
