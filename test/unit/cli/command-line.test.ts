import { describe, expect, it } from 'vitest';
import { readCommandLine, UsageError } from '../../../src/cli/command-line.js';

const guild = '123456789012345678';

describe('the command line', () => {
  it.each([
    [[], { command: 'start' }],
    [['start'], { command: 'start' }],
    [['doctor'], { command: 'doctor', json: false, directory: false }],
    [['doctor', '--json'], { command: 'doctor', json: true, directory: false }],
    [['doctor', '--directory'], { command: 'doctor', json: false, directory: true }],
    [['register'], { command: 'register', guildId: undefined, remove: false }],
    [['register', `--guild=${guild}`], { command: 'register', guildId: guild, remove: false }],
    [['register', '--guild', guild, '--remove'], { command: 'register', guildId: guild, remove: true }],
    [['backup', 'my file.sqlite'], { command: 'backup', file: 'my file.sqlite' }],
    [
      ['store:copy', '--dry-run', 'sqlite://a', 'redis://b'],
      { command: 'store:copy', from: 'sqlite://a', to: 'redis://b', dryRun: true },
    ],
    [['--help'], { command: 'help' }],
    [['doctor', '-h'], { command: 'help' }],
    [['help'], { command: 'help' }],
    [['--version'], { command: 'version' }],
    [['-v'], { command: 'version' }],
  ])('%j is understood', (argv, wanted) => {
    expect(readCommandLine(argv)).toEqual(wanted);
  });

  it.each([
    [['doctr'], 'There is no command doctr. Did you mean doctor?'],
    [['regsiter'], 'Did you mean register?'],
    [['Doctor'], 'Did you mean doctor?'],
    [['store-copy'], 'Did you mean store:copy?'],
    [['wat'], 'There is no command wat.'],
    [['doctor', '--jsno'], 'doctor has no flag --jsno. Did you mean --json?'],
    [['doctor', '--json=1'], '--json takes no value.'],
    [['doctor', 'please'], 'doctor does not take "please".'],
    [['--fast'], 'start has no flag --fast.'],
    [['register', '--guild'], '--guild needs a value.'],
    [['register', '--guild', '12'], '--guild needs the id of a server, 17 to 20 digits, not "12".'],
    [['register', '--remove'], '--remove needs --guild'],
    [['backup'], 'backup needs the file to write'],
    [['store:copy', 'sqlite://a'], 'store:copy needs two addresses'],
  ])('%j is refused in a sentence', (argv, sentence) => {
    const read = () => readCommandLine(argv);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });

  it('is understood without --, from what npm sets instead', () => {
    const under = (script: string, argv: readonly string[], flags: Record<string, string>) =>
      readCommandLine([script, ...argv], { npm_lifecycle_event: script, ...flags });
    expect(under('doctor', [], { npm_config_json: 'true' })).toMatchObject({ json: true });
    expect(under('doctor', [], { npm_config_json: 'false' })).toMatchObject({ json: false });
    expect(under('doctor', [], { npm_config_directory: 'true' })).toMatchObject({ directory: true });
    expect(under('register', [guild], { npm_config_guild: 'true', npm_config_remove: 'true' })).toMatchObject(
      {
        guildId: guild,
        remove: true,
      },
    );
    expect(under('register', [], { npm_config_guild: guild })).toMatchObject({ guildId: guild });
    const copy = ['sqlite://a', 'redis://b'];
    expect(under('store:copy', copy, { npm_config_dry_run: 'true' })).toMatchObject({ dryRun: true });
    expect(() => under('register', [], { npm_config_guild: 'true' })).toThrow('--guild needs a value.');
  });

  it("leaves npm's settings alone in any other script", () => {
    const env = { npm_lifecycle_event: 'test', npm_config_json: 'true' };
    expect(readCommandLine(['doctor'], env)).toMatchObject({ json: false });
  });
});
