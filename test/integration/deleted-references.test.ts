import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** A server on which one role may ask, in one channel. */
async function ruled() {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
  const { addRole, addChannel, addMember } = world.discord.world;
  const role = addRole('Foxglove', { name: 'painters' });
  const channel = addChannel('Foxglove', { name: 'easel' });
  addMember('Foxglove', 'mia', [role.id]);
  const ada = world.discord.actor('ada', 'general');
  const set = async (name: 'roles' | 'channels', value: string) => {
    const option = name === 'roles' ? { role: value } : { channel: value };
    await answered(await ada.command(`settings ${name}`, { action: 'add', ...option }));
  };
  const shown = async () => (await answered(await ada.command('settings show'))).content;
  return { role, channel, ada, set, shown, ben: world.discord.actor('ben', 'general') };
}

const refusedForRole = text('en-US', 'error.policy.role', { roles: [] }).slice(0, 30);
const refusedForChannel = text('en-US', 'error.policy.channel', { channels: [] }).slice(0, 30);

describe('an allowed role or channel that is deleted locks no one out', () => {
  it('while Easel is connected: it is removed from the settings', async () => {
    const { role, channel, set, shown, ben } = await ruled();
    await set('roles', role.id);
    expect((await answered(await ben.command('imagine', { prompt: 'a fox' }))).content).toContain(
      refusedForRole,
    );
    world.discord.world.removeRole('Foxglove', 'painters');
    await until('the role is out of the settings', async () => !(await shown()).includes(role.id));
    await delivered(await ben.command('imagine', { prompt: 'a fox' }));

    await set('channels', channel.id);
    expect((await answered(await ben.command('imagine', { prompt: 'a fox' }))).content).toContain(
      refusedForChannel,
    );
    world.discord.world.removeChannel(channel.id);
    await until('the channel is out of the settings', async () => !(await shown()).includes(channel.id));
    await delivered(await ben.command('imagine', { prompt: 'a fox' }));
  });

  it('while Easel was disconnected: it is ignored from the first order on, also for a mention', async () => {
    const { role, channel, set, shown, ben } = await ruled();
    await set('roles', role.id);
    await set('channels', channel.id);
    await world.stop();
    world.discord.world.removeRole('Foxglove', role.id);
    world.discord.world.removeChannel(channel.id);
    await world.start();
    const { id } = await ben.send('@Easel a fox');
    await world.discord.until((one) => one.replyTo === id && one.author.bot && one.attachments.length > 0);
    await delivered(await ben.command('imagine', { prompt: 'an owl' }));
    await until('both are out of the settings', async () => {
      const settings = await shown();
      return !settings.includes(role.id) && !settings.includes(channel.id);
    });
  });

  it('others that still exist keep counting', async () => {
    const { role, set, ben } = await ruled();
    const other = world.discord.world.addRole('Foxglove', { name: 'others' });
    await set('roles', role.id);
    await set('roles', other.id);
    world.discord.world.removeRole('Foxglove', 'others');
    expect((await answered(await ben.command('imagine', { prompt: 'a fox' }))).content).toContain(
      refusedForRole,
    );
    await delivered(await world.discord.actor('mia', 'general').command('imagine', { prompt: 'a fox' }));
  });
});
