import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { ButtonStyle, ComponentType, type Message, MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patienceMs } from '../../../../test/support/until.js';
import { createUserActions, type UserActions } from '../../src/actions/user-actions.js';
import { type SmallBot, startSmallBot } from '../support/small-bot.js';

let discord: DiscordStandIn;
let bot: SmallBot;
let doer: UserActions;

beforeEach(async () => {
  discord = await createDiscordStandIn();
  bot = await startSmallBot(discord);
  doer = createUserActions(discord, discord.actor('ada'));
});
afterEach(async () => {
  await bot.client.destroy();
  await discord.close();
});

const picture = () => ({ attachment: Buffer.from('bytes'), name: 'fox.png' });
const withButton = (label: string, customId: string) => [
  {
    type: ComponentType.ActionRow as const,
    components: [
      { type: ComponentType.Button as const, style: ButtonStyle.Secondary as const, label, customId },
    ],
  },
];

async function verdictOn(line: string, limitMs = 60_000) {
  return doer.untilVerdict(await doer.act(line), limitMs);
}

describe('a line', () => {
  it('with a command ends when its answer has the file, not before', async () => {
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply('> a fox\n-# painting');
      await interaction.editReply({ content: '> a fox', files: [picture()] });
    });
    const verdict = await verdictOn('/imagine prompt:a fox');
    expect(verdict).toMatchObject({
      outcome: 'delivered',
      messages: [{ attachments: [{ filename: 'fox.png' }] }],
    });
  });

  it('that is answered in words at once is refused with them', async () => {
    bot.onInteraction((interaction) =>
      interaction.reply({ content: 'Not today.', flags: MessageFlags.Ephemeral }),
    );
    expect(await verdictOn('/imagine prompt:a fox')).toMatchObject({
      outcome: 'refused',
      reason: 'Not today.',
    });
  });

  it('that fails with the reason in an ephemeral message has failed with that reason', async () => {
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply({ content: 'An order failed.', components: withButton('Why?', 'v1:why') });
      await interaction.followUp({ content: '⚠️ No such words.', flags: MessageFlags.Ephemeral });
    });
    expect(await verdictOn('/imagine prompt:a fox')).toMatchObject({
      outcome: 'failed',
      reason: 'No such words.',
    });
  });

  it('whose result comes as a separate message has it', async () => {
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply('-# painting');
      const channel = bot.client.channels.cache.get(interaction.channelId ?? '');
      if (channel?.isSendable()) await channel.send({ content: 'late', files: [picture()] });
    });
    expect(await verdictOn('/imagine prompt:a fox')).toMatchObject({
      outcome: 'delivered',
      messages: [{ content: 'late' }],
    });
  });

  it('whose result comes in a direct message has it', async () => {
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.user.send({ content: 'here', files: [picture()] });
    });
    expect(await verdictOn('/imagine prompt:a fox')).toMatchObject({
      outcome: 'delivered',
      messages: [{ content: 'here' }],
    });
  });

  it('that is never acknowledged ends when Discord gives up', async () => {
    const action = await doer.act('/imagine prompt:a fox');
    discord.clock.advance(3_000);
    expect(await doer.untilVerdict(action, patienceMs)).toMatchObject({
      outcome: 'timeout',
      reason: 'The application did not respond',
    });
  });

  it('that takes too long is given up', async () => {
    bot.onInteraction((interaction) => interaction.deferReply());
    expect(await verdictOn('/imagine prompt:a fox', 400)).toMatchObject({
      outcome: 'timeout',
      reason: 'Nothing has come within 0.4 s',
    });
  });

  it.each([
    ['/imagine', 'prompt is required'],
    ['/nope', 'there is no command nope'],
    ['/imagine prompt:x who:eve', 'there is no user "eve"'],
    ['press:Again', 'no message has a button to press yet'],
    ['reply:last @Easel hi', 'there is nothing to reply to yet'],
    ['reply:first hi', 'write reply:last and then the words'],
    ['reply:last', 'write reply:last and then the words'],
  ])('such as %s is not sent', async (line, reason) => {
    await expect(doer.act(line)).rejects.toThrow(reason);
  });
});

describe('press', () => {
  it('presses the newest button of that name, however it is spelt, even if a newer message has others', async () => {
    const pressed: string[] = [];
    const answers = [withButton('Again', 'v1:1'), withButton('Again', 'v1:2'), withButton('Try', 'v1:3')];
    bot.onInteraction(async (interaction) => {
      if (interaction.isButton()) pressed.push(interaction.customId);
      await interaction.deferReply();
      await interaction.editReply({ content: 'No.', components: answers.shift() ?? [] });
    });
    for (const _ of [1, 2, 3])
      expect(await verdictOn('/imagine prompt:a fox')).toMatchObject({ outcome: 'refused', reason: 'No.' });
    await verdictOn('press:again');
    await verdictOn('press: v1:1');
    expect(pressed).toEqual(['v1:2', 'v1:1']);
    await expect(doer.act('press:Nope')).rejects.toThrow('there is no button Nope; there are: Try');
  });
});

describe('reply:last', () => {
  it("replies to the last result even if text came after it, and ends with the bot's reply", async () => {
    const files = [[picture()], []];
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply({ content: 'there', files: files.shift() ?? [] });
    });
    const [result] = (await verdictOn('/imagine prompt:a fox')).messages;
    await verdictOn('/imagine prompt:words');
    const heard: Message[] = [];
    bot.client.on('messageCreate', async (message) => {
      if (message.author.bot) return;
      heard.push(message);
      await message.reply({ content: 'it runs', files: [picture()] });
    });
    expect(await verdictOn('reply:last @Easel it runs')).toMatchObject({
      outcome: 'delivered',
      messages: [{ content: 'it runs' }],
    });
    expect(heard[0]).toMatchObject({
      content: `<@${bot.client.user?.id}> it runs`,
      reference: { messageId: result?.id },
    });
  });
});
