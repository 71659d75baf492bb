import { describe, expect, it } from 'vitest';
import { readArguments, UsageError, usage } from '../src/command-line.js';

describe('the flags of the playground', () => {
  it('can all be left out', () => {
    expect(readArguments([])).toEqual({
      runs: [],
      json: false,
      out: 'playground-out',
      speed: 40,
      user: 'ada',
      channel: 'general',
      port: undefined,
      cos: false,
    });
  });

  it('leave the default port alone when lines are run', () => {
    expect(readArguments(['--run', '/tasks'])).toMatchObject({ port: 0 });
    expect(readArguments(['--run', '/tasks', '--port', '8787'])).toMatchObject({ port: 8787 });
  });

  it('are read, with runs in their order', () => {
    const argv = ['--run', '/imagine prompt:a --fast fox', '--run=press:Again', '--json', '--out', 'here'];
    expect(
      readArguments([...argv, '--speed', '400', '--user', 'lin', '--channel', '#dm', '--port=0', '--cos']),
    ).toEqual({
      runs: ['/imagine prompt:a --fast fox', 'press:Again'],
      json: true,
      out: 'here',
      speed: 400,
      user: 'lin',
      channel: 'dm',
      port: 0,
      cos: true,
    });
  });

  it.each(['--help', '-h'])('%s takes precedence over everything else', (flag) => {
    expect(readArguments(['--json', flag])).toBe('help');
  });

  it('are understood without --, from what npm sets instead', () => {
    const read = (argv: readonly string[], kept: Record<string, string>) =>
      readArguments(argv, { npm_lifecycle_event: 'playground', ...kept });
    expect(read(['3000'], { npm_config_port: 'true' })).toMatchObject({ port: 3000 });
    expect(read([], { npm_config_port: '3000', npm_config_cos: 'true' })).toMatchObject({
      port: 3000,
      cos: true,
    });
    const lines = ['/imagine prompt:a fox', '/tasks'];
    expect(read(lines, { npm_config_run: 'true\n\ntrue' })).toMatchObject({ runs: lines });
    // It is ambiguous which value belongs to which flag.
    const torn = () => read(['3000', 'ben'], { npm_config_port: 'true', npm_config_user: 'true' });
    expect(torn).toThrow('Put -- before them: npm run playground -- ');
    expect(() => read([], { npm_config_port: 'true' })).toThrow('--port needs a value.');
    const other = { npm_lifecycle_event: 'test', npm_config_port: '3000' };
    expect(readArguments([], other)).toMatchObject({ port: undefined });
  });

  it('are all named in the help', () => {
    for (const flag of ['run', 'json', 'out', 'speed', 'user', 'channel', 'port'])
      expect(usage).toContain(`--${flag}`);
  });

  it.each([
    [['--fast'], 'There is no flag --fast. There are: --run, --json, --out'],
    [['--prot', '3000'], 'There is no flag --prot. Did you mean --port?'],
    [['-x'], 'There is no flag -x.'],
    [['--speed', '0'], '--speed must be a number above 0, not "0".'],
    [['--speed', 'Infinity'], '--speed must be a number above 0, not "Infinity".'],
    [['--port', '70000'], '--port must be a whole number from 0 (any free port) to 65535, not "70000".'],
    [['--port', ''], '--port must be a whole number'],
    [['--out='], '--out needs a folder.'],
    [['--run'], '--run needs a value.'],
    [['--run', ' '], '--run needs a line'],
    [['--run', '--json'], '--run needs a value.'],
    [['--json=1'], '--json takes no value.'],
    [['/imagine', 'prompt:x'], "Put --run before it, and quotes around the whole line: --run '/imagine …'."],
    [['fox'], 'I don\'t know what to do with "fox".'],
  ])('refuse %j in a sentence', (argv, sentence) => {
    const read = () => readArguments(argv);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
});
