import { REST } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandsOf } from '../../../../src/app/app.js';
import { registerCommands, registerOnce } from '../../../../src/discord/rest/command-registration.js';
import { type RestServer, startRestServer } from '../../../support/rest-server.js';
import { offer } from '../../commands/offer.js';

type Command = Parameters<typeof registerCommands>[2][number];

const ours: readonly Command[] = commandsOf(offer);
const everywhere = '/applications/1/commands';

let discord: RestServer;
let rest: REST;

beforeEach(async () => {
  discord = await startRestServer();
  rest = new REST({ api: discord.apiUrl, version: '10' }).setToken('bot-token');
});
afterEach(() => discord[Symbol.asyncDispose]());

/** A list as Discord answers it: with ids, with all that was left to it spelled out, keys in its own order. */
function asDiscordHasIt(commands: readonly Command[]): unknown[] {
  return commands.map((command, index) => ({
    id: `10000000000000000${index}`,
    application_id: '1',
    version: '1100000000000000000',
    default_member_permissions: null,
    type: 1,
    dm_permission: true,
    nsfw: false,
    name_localizations: null,
    ...reversed(command),
    options:
      'options' in command && command.options?.length ? command.options.map(optionAsDiscordHasIt) : undefined,
  }));
}

function optionAsDiscordHasIt(option: object): object {
  const { required, choices, ...rest } = option as { required?: boolean; choices?: object[] };
  return {
    name_localizations: null,
    ...reversed(rest),
    ...(required && { required }),
    ...(choices && { choices: choices.map((choice) => ({ name_localizations: null, ...choice })) }),
  };
}

const reversed = (part: object): object => Object.fromEntries(Object.entries(part).reverse());

function register(there: unknown, commands = ours, guildId?: string): Promise<boolean> {
  const route = guildId ? `/applications/1/guilds/${guildId}/commands` : everywhere;
  discord.answers.set(`GET ${route}`, [200, there]).set(`PUT ${route}`, [200, []]);
  return registerCommands(rest, '1', commands, guildId);
}

describe('registering', () => {
  it('writes nothing if Discord has the same list, in whatever order and spelling', async () => {
    expect(await register(asDiscordHasIt(ours))).toBe(false);
    expect(await register(asDiscordHasIt([...ours].reverse()))).toBe(false);
    expect(discord.asked).toEqual([`GET ${everywhere}`, `GET ${everywhere}`]);
  });

  it('writes the whole list once if there is none', async () => {
    expect(await register([])).toBe(true);
    expect(discord.asked).toEqual([`GET ${everywhere}`, `PUT ${everywhere}`]);
    expect(discord.bodies[1]).toEqual(JSON.parse(JSON.stringify(ours)));
  });

  const [first, ...others] = ours;
  const changed = (changes: object) => [{ ...first, ...changes }, ...others] as Command[];
  const firstOptions = first && 'options' in first ? (first.options ?? []) : [];
  it.each([
    ['one command less', others],
    ['one command more', [...ours, { name: 'extra', description: 'x' }]],
    ['another description', changed({ description: 'else' })],
    ['another translation', changed({ description_localizations: { 'zh-CN': '别的' } })],
    ['no translation', changed({ description_localizations: null })],
    ['another place', changed({ contexts: [0] })],
    ['another way to install it', changed({ integration_types: [0] })],
    ['options in another order', changed({ options: [...firstOptions].reverse() })],
    ['an option less', changed({ options: firstOptions.slice(1) })],
    [
      'an option that need not be given',
      changed({ options: firstOptions.map((one) => ({ ...one, required: false })) }),
    ],
    ['permissions that a user set', changed({ default_member_permissions: '8' })],
  ] as [string, Command[]][])('writes when Discord has %s', async (_, there) => {
    expect(await register(asDiscordHasIt(there))).toBe(true);
  });

  it('can be done in one guild alone', async () => {
    expect(await register([], ours, '77')).toBe(true);
    expect(discord.asked).toEqual([
      'GET /applications/1/guilds/77/commands',
      'PUT /applications/1/guilds/77/commands',
    ]);
  });

  it("finds out the application's id by itself", async () => {
    discord.answers
      .set('GET /applications/@me', [200, { id: '1' }])
      .set('GET /oauth2/applications/@me', [200, { id: '1' }])
      .set('GET /users/@me/guilds', [200, []])
      .set(`GET ${everywhere}`, [200, asDiscordHasIt(ours)]);
    const done = await registerOnce({ token: 'bot-token', apiUrl: discord.apiUrl }, ours);
    expect(done.changed).toBe(false);
  });

  it('says so if Discord refuses the token', async () => {
    discord.answers.set(`GET ${everywhere}`, [401, { code: 0, message: '401: Unauthorized' }]);
    await expect(registerCommands(rest, '1', ours)).rejects.toMatchObject({ status: 401 });
  });
});
