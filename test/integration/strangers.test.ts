import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import { PermissionFlagsBits, REST, Routes } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { controlId, customId, parseCustomId, type Verb } from '../../src/discord/views/custom-ids.js';
import { detailsControl } from '../../src/discord/views/gallery-page.js';
import { text } from '../../src/locales/index.js';
import type { TaskId } from '../../src/tasks/model/task.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

/** One world for all: nothing that a stranger tries changes it. */
let world: World;
const channels = { staff: '', foreign: '', open: '' };
/** Ada's picture in a channel that only she sees, and Ben's in a direct message. */
let hidden: TaskId;
let direct: TaskId;

beforeAll(async () => {
  world = await createWorld({ discord: { rateWindow: 0.1 } });
  const { world: there } = world.discord;
  const home = there.addGuild({ name: 'Home', owner: 'ada' });
  const foreign = there.addGuild({ name: 'Foreign', owner: 'mia' });
  for (const member of ['ada', 'ben', 'mia', 'lin']) there.addMember(home.id, member);
  for (const member of ['ben', 'mia']) there.addMember(foreign.id, member);
  channels.staff = there.addChannel(home.id, { name: 'staff', denyEveryone: ['ViewChannel'] }).id;
  channels.open = there.addChannel(home.id, { name: 'open' }).id;
  channels.foreign = there.addChannel(foreign.id, { name: 'lobby' }).id;
  const allow = PermissionFlagsBits.ViewChannel;
  there.setOverwrite(channels.staff, { id: there.botId, type: 'member', allow, deny: 0n });
  const staff = world.discord.actor('ada', channels.staff);
  hidden = idOf(await delivered(await staff.command('imagine', { prompt: 'the merger plan' })));
  const dm = world.discord.actor('ben', 'general').dm;
  direct = idOf(await delivered(await dm.command('imagine', { prompt: 'my secret garden' })));
});
afterAll(() => world.close());

const at = (name: string, channel: string) => world.discord.actor(name, channel);
const typed = /merger|garden/;

function idOf({ components }: MessageView): TaskId {
  const ids = components.flatMap((row) => row.components ?? []).map((one) => one.custom_id ?? '');
  const found = ids.map(parseCustomId).find((each) => each?.verb === 'again');
  if (!found) throw new Error('It has no button Again.');
  return found.id;
}

/** A picture of Easel's with any components. */
async function forged(channelId: string, rows: object[][], content = 'x'): Promise<string> {
  const { apiUrl, token } = world.discord;
  const rest = new REST({ api: apiUrl }).setToken(token);
  const body = { content, components: rows.map((components) => ({ type: 1, components })) };
  const file = { name: 'fox.png', contentType: 'image/png', data: Buffer.from('a picture') };
  const message = await rest.post(Routes.channelMessages(channelId), { body, files: [file] });
  return z.object({ id: z.string() }).parse(message).id;
}

const buttonOf = (verb: Verb, id: TaskId) => ({
  type: 2,
  style: 2,
  label: verb,
  custom_id: customId(verb, id),
});

/** Everything that the user could read of the answer. */
async function heard(invocation: Invocation): Promise<string> {
  await invocation.acknowledged;
  const modal = invocation.modal();
  if (modal) return JSON.stringify(modal);
  const { content, ephemeral } = await answered(invocation);
  expect(ephemeral).toBe(true);
  return content;
}

/** Buttons for the user who ordered it, and the text for others. */
const others = [
  ['cancel', 'error.cancel.notYours'],
  ['release', 'error.release.notYours'],
  ['collect', 'error.button.notYours'],
  ['delete', 'error.delete.notYours'],
] as const;

describe.each([
  ['a stranger in another server', 'mia', () => channels.foreign, () => hidden],
  ['a member who cannot see the channel', 'ben', () => channels.open, () => hidden],
  ['anyone else, of a direct message', 'mia', () => channels.open, () => direct],
  ['anyone else, in their own direct message', 'mia', undefined, () => direct],
] as const)("a button with another order's id, pressed by %s,", (_, name, channel, order) => {
  const who = (): Actor => (channel ? at(name, channel()) : at(name, 'general').dm);

  it('shows nothing, orders nothing and changes nothing', async () => {
    const creates = world.mps.tasks.length;
    const unseen = [
      'again',
      'edit',
      'animate',
      'remix',
      'repaint',
      'upscale',
      'details',
      'original',
      'retry',
      'erase',
    ] as const;
    const message = await forged(
      who().channelId,
      [unseen.slice(0, 5), unseen.slice(5), others.map(([verb]) => verb)].map((row) =>
        row.map((verb) => buttonOf(verb, order())),
      ),
    );
    const press = async (verb: Verb) => heard(await who().press(message, customId(verb, order())));
    for (const verb of unseen) expect(await press(verb), verb).toBe(text('en-US', 'error.details.unseen'));
    // Mia owns the other server: she may delete messages there.
    for (const [verb, key] of others)
      if (verb !== 'delete' || who().channelId !== channels.foreign)
        expect(await press(verb), verb).toBe(text('en-US', key));
    expect(world.mps.tasks).toHaveLength(creates);
  });

  it('tells nothing through the selects of sets, /tasks and /gallery, or the menu of the message', async () => {
    const values: readonly string[] = ['1', order()];
    const selects = [
      ...(['pick', 'move', 'release'] as const).map((verb) => customId(verb, order())),
      ...[controlId('repeat', 'again'), controlId('gallery', detailsControl)],
    ];
    const listed = await forged(
      who().channelId,
      selects.map((id) => [
        { type: 3, custom_id: id, options: values.map((value) => ({ label: value, value })) },
      ]),
    );
    for (const [at, select] of selects.entries())
      expect(await heard(await who().select(listed, select, [at < 3 ? '1' : order()])), select).toBe(
        text('en-US', at === 2 ? 'error.release.notYours' : 'error.details.unseen'),
      );
    const shown = await forged(who().channelId, [[buttonOf('again', order())]]);
    const form = await heard(await who().messageCommand('Remix', shown));
    expect(form).toContain(text('en-US', 'form.title.remix'));
    expect(form).not.toMatch(typed);
  });
});

it('a button works in another channel that its user can view', async () => {
  const message = await forged(channels.open, [[buttonOf('details', hidden)]]);
  expect(await heard(await at('ada', channels.open).press(message, 'details'))).toContain('the merger plan');
  const open = await delivered(await at('ben', channels.open).command('imagine', { prompt: 'an open door' }));
  const elsewhere = await forged(channels.staff, [[buttonOf('details', idOf(open))]]);
  expect(await heard(await at('ada', channels.staff).press(elsewhere, 'details'))).toContain('an open door');
  expect(await heard(await at('lin', channels.open).press(open.id, 'Details'))).toContain('an open door');
});

it("a user's own id deletes no message that Easel posted for someone else", async () => {
  const mine = await delivered(await at('mia', channels.open).command('imagine', { prompt: 'a mouse' }));
  const content = `<@${at('ben', channels.open).userId}>\na fox`;
  const theirs = await forged(channels.open, [[buttonOf('delete', idOf(mine))]], content);
  const refused = await heard(await at('mia', channels.open).press(theirs, 'delete'));
  expect(refused).toBe(text('en-US', 'error.delete.notYours'));
  expect(world.discord.message(theirs)).toBeDefined();
});

it('/gallery autocompletes only the models of results that its user can see', async () => {
  const staff = at('ada', channels.staff);
  await (await staff.command('imagine', { prompt: 'a seal', model: 'kling-3.0' })).until(isResult);
  const rows = async (who: Actor) =>
    (await who.autocomplete('gallery', { model: '' }, 'model')).map(({ value }) => value);
  await expect.poll(() => rows(at('ada', channels.open))).toContain('kling-3.0');
  expect(await rows(at('ben', channels.open))).not.toContain('kling-3.0');
});
