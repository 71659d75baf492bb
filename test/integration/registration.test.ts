import { afterEach, expect, it } from 'vitest';
import { registerOnce, removeCopiesOnce } from '../../src/discord/rest/command-registration.js';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const launch = { name: 'launch', type: 4, description: 'Starts the activity', handler: 2 };
const imagine = { name: 'imagine', description: 'Paints', integration_types: [0, 1], contexts: [0, 1] };
const own = { name: 'own', description: 'Of this server alone' };
const bot = () => ({ token: world.discord.token, apiUrl: world.discord.apiUrl });
const names = (guild?: string) => world.discord.commands(guild).map(({ name }) => name);

/** Registers one command past Easel. */
async function add(command: object, guild?: string): Promise<void> {
  const { apiUrl, applicationId, token } = world.discord;
  const place = guild === undefined ? '' : `/guilds/${guild}`;
  const answer = await fetch(`${apiUrl}/v10/applications/${applicationId}${place}/commands`, {
    method: 'POST',
    headers: {
      authorization: `Bot ${token}`,
      'content-type': 'application/json',
      'user-agent': 'DiscordBot (test, 1)',
    },
    body: JSON.stringify(command),
  });
  expect(await answer.json()).toMatchObject({ name: 'name' in command ? command.name : '' });
}

it('an Entry Point command stays in the list, at the start and from the command line', async () => {
  world = await createWorld({ idle: true });
  await add(launch);
  await world.start();
  expect(names()).toEqual(expect.arrayContaining(['launch', 'imagine', 'animate']));
  expect(world.discord.requests.filter(({ status }) => status >= 400)).toEqual([]);
  expect(await registerOnce(bot(), [imagine])).toMatchObject({ changed: true });
  expect(names().sort()).toEqual(['imagine', 'launch']);
  expect(await registerOnce(bot(), [imagine])).toMatchObject({ changed: false });
});

it('a list without it is refused as Discord does', async () => {
  world = await createWorld({ idle: true });
  await add(launch);
  const { apiUrl, applicationId, token } = world.discord;
  const answer = await fetch(`${apiUrl}/v10/applications/${applicationId}/commands`, {
    method: 'PUT',
    headers: {
      authorization: `Bot ${token}`,
      'content-type': 'application/json',
      'user-agent': 'DiscordBot (test, 1)',
    },
    body: '[]',
  });
  expect([answer.status, await answer.json()]).toMatchObject([400, { code: 50_240 }]);
});

it('copies for one server are named as such, and omit its other commands', async () => {
  world = await createWorld({ idle: true });
  const guild = world.discord.world.guilds()[0]?.id ?? '';
  expect(await registerOnce(bot(), [imagine], guild)).toMatchObject({ changed: true, twice: false });
  await registerOnce(bot(), [imagine]);
  await add(imagine, guild);
  await add(own, guild);
  expect(await registerOnce(bot(), [imagine, own], guild)).toMatchObject({ twice: true });
  expect(await removeCopiesOnce(bot(), guild)).toBe(1);
  expect([names(guild), names()]).toEqual([['own'], ['imagine']]);
});

it('registering globally removes the copies', async () => {
  world = await createWorld({ idle: true });
  const guilds = world.discord.world.guilds();
  const guild = guilds[0]?.id ?? '';
  await add(imagine, guild);
  expect(await registerOnce(bot(), [imagine])).toEqual({
    changed: true,
    twice: false,
    removed: { copies: 1, guilds: 1 },
  });
  expect([names(guild), names()]).toEqual([[], ['imagine']]);
});
