import { ClientRefusal } from '@easel/discord-stand-in';
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createStage, echo, type Stage } from './discord-stand-in-client.js';

let stage: Stage;

beforeEach(async () => {
  stage = await createStage();
});

afterEach(async () => {
  await stage.close();
});

test('a slash command is deferred, then edited with a file', async () => {
  await stage.connect({
    commands: [echo],
    async onInteraction(interaction) {
      if (!interaction.isChatInputCommand()) return;
      const deferred = await interaction.deferReply({ withResponse: true });
      expect(deferred.interaction.responseMessageLoading).toBe(true);
      const message = await interaction.editReply({
        content: interaction.options.getString('text', true),
        files: [{ attachment: Buffer.from('hello'), name: 'hello.txt', description: 'a greeting' }],
      });
      expect(message.id).toBe(deferred.interaction.responseMessageId);
    },
  });
  const { discord } = stage;
  await discord.ready();
  const invocation = await discord.actor('ben').command('echo', { text: 'a red fox' });
  await expect(invocation.acknowledged).resolves.toMatchObject({ type: 5 });
  const message = await invocation.until(({ attachments }) => attachments.length === 1);
  expect(message).toMatchObject({
    content: 'a red fox',
    ephemeral: false,
    loading: false,
    editedAt: undefined,
  });
  expect(message.attachments[0]).toMatchObject({ filename: 'hello.txt', size: 5, description: 'a greeting' });
  expect((await discord.fetchAttachment(message.id)).toString()).toBe('hello');
  expect(discord.problems).toEqual([]);
});

test('an interaction carries everything that discord.js reads', async () => {
  const seen: Interaction[] = [];
  const client = await stage.connect({
    commands: [echo],
    onInteraction: (interaction) => {
      seen.push(interaction);
      return interaction.isRepliable() && interaction.reply({ content: 'ok', flags: MessageFlags.Ephemeral });
    },
  });
  const { discord } = stage;
  const guild = discord.world.guild('Foxglove');
  discord.world.setBoostTier('Foxglove', 2);
  const image = { filename: 'my fox.png', bytes: Buffer.from('not really a png') };
  const invocation = await discord.actor('lin', 'no-files').command('echo', { text: 'hi', image });
  const message = await invocation.until(({ content }) => content === 'ok');
  const interaction = seen[0];
  if (!interaction?.isChatInputCommand() || !interaction.inCachedGuild()) throw new Error('no command came');
  expect(interaction).toMatchObject({
    locale: 'zh-CN',
    guildLocale: 'en-US',
    guildId: guild.id,
    context: 0,
    attachmentSizeLimit: 50 * 1024 * 1024,
  });
  expect(interaction.id).toMatch(/^\d{17,19}$/);
  expect(Math.abs(interaction.createdTimestamp - Date.now())).toBeLessThan(10_000);
  expect(interaction.channel?.name).toBe('no-files');
  expect(interaction.member.displayName).toBe('林');
  expect(interaction.authorizingIntegrationOwners).toMatchObject({ 0: guild.id });
  expect(interaction.appPermissions.has('SendMessages')).toBe(true);
  expect(interaction.appPermissions.has('AttachFiles')).toBe(false);
  const attachment = interaction.options.getAttachment('image', true);
  expect(attachment).toMatchObject({
    name: 'my_fox.png',
    size: 16,
    contentType: 'image/png',
    ephemeral: true,
  });
  expect(await (await fetch(attachment.url)).text()).toBe('not really a png');
  expect(message).toMatchObject({ ephemeral: true, visibleTo: discord.world.user('lin').id });
  expect(discord.actor('ben', 'no-files').messages()).toEqual([]);
  await expect(
    client.rest.get(`/channels/${message.channelId}/messages/${message.id}`),
  ).rejects.toMatchObject({
    code: 10008,
  });
});

test('a typed line is read as the composer reads it', async () => {
  const { discord } = await Promise.resolve(stage);
  const options: unknown[] = [];
  await stage.connect({
    commands: [echo],
    async onInteraction(interaction) {
      if (!interaction.isChatInputCommand()) return;
      options.push(...interaction.options.data.map(({ name, value }) => [name, value]));
      await interaction.reply('ok');
    },
  });
  const outcome = await discord.actor('mia').type('/echo text:a fox: red, at 10:30 times:2 style:Loud');
  if (!('token' in outcome)) throw new Error('a command was taken for a message');
  await outcome.until(({ content }) => content === 'ok');
  expect(options).toEqual([
    ['text', 'a fox: red, at 10:30'],
    ['style', 'loud'],
    ['times', 2],
  ]);
});

test.each([
  ['/nothing', /no command nothing/],
  ['/echo', /text is required/],
  ['/echo text:a times:4', /times: is more than 3/],
  ['/echo text:a times:x', /whole number/],
  ['/echo text:a style:quiet', /offers loud, not quiet/],
  [`/echo text:${'a'.repeat(101)}`, /longer than 100/],
  ['/echo text:a image:/nowhere.png', /cannot read the file/],
  ['/echo colour:red', /no option colour/],
])('the client itself refuses %s', async (line, why) => {
  await stage.connect({ commands: [echo] });
  const typed = stage.discord.actor('ben').type(line);
  await expect(typed).rejects.toThrow(ClientRefusal);
  await expect(typed).rejects.toThrow(why);
});

test('autocomplete answers with choices for what is typed so far', async () => {
  await stage.connect({
    commands: [echo],
    async onInteraction(interaction) {
      if (!interaction.isAutocomplete()) return;
      const { name, value } = interaction.options.getFocused(true);
      await interaction.respond([{ name: `${name}: ${value}`, value: 'v' }]);
    },
  });
  const choices = await stage.discord.actor('ben').autocomplete('echo', { model: 'kli' }, 'model');
  expect(choices).toEqual([{ name: 'model: kli', value: 'v' }]);
});

test('a message command opens a modal, and its fields come back with files', async () => {
  const { discord } = stage;
  const received: unknown[] = [];
  await stage.connect({
    commands: [{ name: 'Make it move', type: 3 }],
    async onInteraction(interaction) {
      if (interaction.isMessageContextMenuCommand()) {
        received.push(interaction.targetMessage.content, interaction.targetMessage.attachments.first()?.name);
        await interaction.showModal(
          new ModalBuilder()
            .setCustomId('move:1')
            .setTitle('Make it move')
            .addLabelComponents(
              new LabelBuilder()
                .setLabel('Prompt')
                .setTextInputComponent(
                  new TextInputBuilder().setCustomId('prompt').setStyle(TextInputStyle.Paragraph),
                ),
              new LabelBuilder()
                .setLabel('Model')
                .setStringSelectMenuComponent(
                  new StringSelectMenuBuilder()
                    .setCustomId('model')
                    .addOptions(
                      { label: 'Kling', value: 'kling', default: true },
                      { label: 'Vidu', value: 'vidu' },
                    ),
                ),
              new LabelBuilder()
                .setLabel('Files')
                .setFileUploadComponent((files) =>
                  files.setCustomId('files').setRequired(false).setMaxValues(3),
                ),
            ),
        );
      }
      if (interaction.isModalSubmit()) {
        const { fields } = interaction;
        received.push(fields.getTextInputValue('prompt'), fields.getStringSelectValues('model'));
        received.push(fields.getUploadedFiles('files')?.first()?.name);
        await interaction.reply({ content: 'moving' });
      }
    },
  });
  const ben = discord.actor('ben');
  const target = await discord.actor('mia').send('look', {
    files: [{ filename: 'fox.png', bytes: Buffer.from('png') }],
  });
  const opened = await ben.messageCommand('Make it move', target.id);
  await expect(opened.acknowledged).resolves.toMatchObject({ type: 9 });
  expect(opened.modal()).toMatchObject({ customId: 'move:1', title: 'Make it move' });
  await expect(ben.submitModal(opened, {})).rejects.toThrow('prompt is required');
  await expect(ben.submitModal(opened, { prompt: 'x', other: 'y' })).rejects.toThrow('no field other');
  const submitted = await ben.submitModal(opened, {
    prompt: 'it runs',
    files: [{ filename: 'last.png', bytes: Buffer.from('x') }],
  });
  await submitted.until(({ content }) => content === 'moving');
  expect(received).toEqual(['look', 'fox.png', 'it runs', ['kling'], 'last.png']);
  expect(discord.problems).toEqual([]);
});

test('buttons and selects answer on their own message', async () => {
  const { discord } = stage;
  const row = new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('again').setLabel('Again').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('off').setLabel('Off').setStyle(ButtonStyle.Primary).setDisabled(true),
  );
  const menu = new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
    new StringSelectMenuBuilder()
      .setCustomId('pick')
      .addOptions({ label: 'One', value: '1' }, { label: 'Two', value: '2' }),
  );
  await stage.connect({
    commands: [echo],
    async onInteraction(interaction) {
      if (interaction.isChatInputCommand())
        await interaction.reply({ content: 'made', components: [row, menu] });
      if (interaction.isButton()) {
        expect(interaction.message.content).toBe('made');
        await interaction.deferUpdate();
        await interaction.followUp({ content: `again for ${interaction.user.username}` });
      }
      if (interaction.isStringSelectMenu())
        await interaction.update({ content: interaction.values.join(), components: [] });
    },
  });
  const ben = discord.actor('ben');
  const made = await (await ben.command('echo', { text: 'x' })).until(({ content }) => content === 'made');
  const pressed = await discord.actor('mia').press(made.id, 'Again');
  await expect(pressed.until(({ content }) => content === 'again for mia')).resolves.toMatchObject({
    replyTo: made.id,
  });
  expect(pressed.message()?.id).toBe(made.id);
  expect(pressed.followUps()).toHaveLength(1);
  await expect(ben.press(made.id, 'Off')).rejects.toThrow('disabled');
  await expect(ben.press(made.id, 'Gone')).rejects.toThrow('no button Gone');
  await expect(ben.select(made.id, 'pick', ['3'])).rejects.toThrow('offers 1, 2, not 3');
  const chosen = await ben.select(made.id, 'pick', ['Two']);
  const updated = await chosen.until(({ content }) => content === '2');
  expect(updated).toMatchObject({ id: made.id, components: [] });
  expect(updated.editedAt).toBeDefined();
});

test('without an answer, the command has failed after 3 s of its clock', async () => {
  await stage.connect({ commands: [echo] });
  const invocation = await stage.discord.actor('ben').command('echo', { text: 'x' });
  expect(invocation.failed).toBe(false);
  stage.discord.clock.advance(3000);
  await expect(invocation.acknowledged).rejects.toThrow('did not respond');
  expect(invocation.failed).toBe(true);
});

test('permissions, contexts and age restrictions hide a command from users', async () => {
  const { discord } = stage;
  await stage.connect({
    commands: [
      { name: 'admin', description: 'For admins', default_member_permissions: '32' },
      { name: 'guild-only', description: 'In guilds', contexts: [0] },
      { name: 'adult', description: 'For adults', nsfw: true },
      { name: 'mine', description: 'Of users', integration_types: [1], contexts: [0, 1, 2] },
    ],
  });
  const ben = discord.actor('ben');
  await expect(ben.command('admin')).rejects.toThrow('lacks the permissions');
  await expect(discord.actor('ada').command('admin')).resolves.toBeDefined();
  await expect(ben.dm.command('guild-only')).rejects.toThrow('not offered in such a channel');
  await expect(ben.command('adult')).rejects.toThrow('age-restricted');
  await expect(ben.in('after-dark').command('adult')).resolves.toBeDefined();
  await expect(ben.command('mine')).rejects.toThrow('not offered to guild installs');
  await expect(ben.command('mine', {}, { integration: 'user' })).resolves.toBeDefined();
});
