import { expect, test } from 'vitest';
import { createSnowflakes } from '../src/snowflakes.js';
import { createClock } from '../src/timer-clock.js';
import { furnish } from '../src/world/default-world.js';
import { has, permissions } from '../src/world/permissions.js';
import { createWorld, type World } from '../src/world/world.js';

function newWorld(): World {
  const clock = createClock(() => 1_800_000_000_000);
  const nextId = createSnowflakes(clock);
  const world = createWorld({ clock, nextId, botId: nextId(), botName: 'Easel' });
  furnish(world);
  return world;
}

test('a member overwrite wins over a role overwrite, and that over @everyone', () => {
  const world = newWorld();
  const channel = world.channel('general');
  const mia = world.user('mia').id;
  const role = world.addRole('Foxglove', { name: 'painters' });
  world.addMember('Foxglove', 'mia', [role.id]);
  const may = (): boolean => has(world.permissionsIn(channel, mia), 'AttachFiles');
  const bit = permissions.AttachFiles;
  expect(may()).toBe(true);
  world.setOverwrite('general', { id: channel.guildId ?? '', type: 'role', allow: 0n, deny: bit });
  expect(may()).toBe(false);
  world.setOverwrite('general', { id: role.id, type: 'role', allow: bit, deny: 0n });
  expect(may()).toBe(true);
  world.setOverwrite('general', { id: mia, type: 'member', allow: 0n, deny: bit });
  expect(may()).toBe(false);
});

test("a member who can't send can't attach, and one who can't view can do nothing", () => {
  const world = newWorld();
  const channel = world.channel('general');
  world.denyBot('general', ['SendMessages']);
  const silenced = world.permissionsIn(channel, world.botId);
  // Threads are spoken in by a permission of their own.
  expect(has(silenced, 'SendMessages')).toBe(false);
  world.denyBot('general', ['SendMessages', 'SendMessagesInThreads']);
  expect(has(world.permissionsIn(channel, world.botId), 'AttachFiles')).toBe(false);
  world.denyBot('general', ['ViewChannel']);
  expect(world.permissionsIn(channel, world.botId)).toBe(0n);
});

test('owners and administrators can do everything, strangers nothing', () => {
  const world = newWorld();
  const channel = world.channel('no-files');
  expect(has(world.permissionsIn(channel, world.user('ada').id), 'ManageGuild')).toBe(true);
  const stranger = world.addUser({ username: 'stranger' });
  expect(world.permissionsIn(channel, stranger.id)).toBe(0n);
  expect(has(world.permissionsIn(channel, world.botId), 'AttachFiles')).toBe(false);
  expect(has(world.permissionsIn(world.dm('ben'), world.botId), 'AttachFiles')).toBe(true);
  expect(world.permissionsIn(world.dm('ben'), stranger.id)).toBe(0n);
});

test('names match in any case, and an unknown one lists what there is', () => {
  const world = newWorld();
  expect(world.channel('#General').guildId).toBe(world.guild('foxglove').id);
  expect(world.channel('Night Workshop/general').guildId).toBe(world.guild('night workshop').id);
  expect(() => world.user('nobody')).toThrow(
    'there is no user "nobody"; there are: Easel, ada, ben, mia, lin',
  );
});
