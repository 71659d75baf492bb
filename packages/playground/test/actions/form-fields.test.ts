import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patienceMs } from '../../../../test/support/until.js';
import { takeFields } from '../../src/actions/form-fields.js';
import { createUserActions, type UserActions } from '../../src/actions/user-actions.js';
import { createPaint, drawForm } from '../../src/terminal/message-rendering.js';
import { type SmallBot, startSmallBot } from '../support/small-bot.js';

let discord: DiscordStandIn;
let bot: SmallBot;
let doer: UserActions;
let sent: ModalSubmitInteraction[];

const load = async (reference: string) => ({ filename: reference, bytes: Buffer.from('bytes') });
const modal: APIModalInteractionResponseCallbackData = {
  custom_id: 'form',
  title: 'Change it',
  components: [
    {
      type: ComponentType.Label,
      label: 'Prompt',
      component: {
        type: ComponentType.TextInput,
        custom_id: 'prompt',
        style: TextInputStyle.Short,
        value: 'a red fox',
      },
    },
    {
      type: ComponentType.Label,
      label: 'Files',
      component: {
        type: ComponentType.FileUpload,
        custom_id: 'files',
        required: false,
        min_values: 0,
        max_values: 2,
      },
    },
  ],
};

beforeEach(async () => {
  sent = [];
  discord = await createDiscordStandIn();
  bot = await startSmallBot(discord);
  await bot.client.application?.commands.create({ type: 3, name: 'Animate' });
  doer = createUserActions(discord, discord.actor('ada'), load);
  bot.onInteraction(async (interaction) => {
    if (interaction.isModalSubmit()) {
      sent.push(interaction);
      await interaction.reply('Thank you.');
    } else if (interaction.isMessageContextMenuCommand() || interaction.isButton()) {
      await interaction.showModal(modal);
    } else {
      const components = [
        {
          type: 1 as const,
          components: [{ type: 2 as const, style: 2 as const, label: 'Edit', customId: 'e' }],
        },
      ];
      const files = [{ attachment: Buffer.from('x'), name: 'fox.png' }];
      await interaction.reply({ content: 'Here.', files, components });
    }
  });
  await doer.untilVerdict(await doer.act('/imagine prompt:a fox'), patienceMs);
});
afterEach(async () => {
  await bot.client.destroy();
  await discord.close();
});

const verdictOn = async (line: string) => doer.untilVerdict(await doer.act(line), patienceMs);
const filesOf = (form: ModalSubmitInteraction | undefined) =>
  form?.fields.getUploadedFiles('files')?.map(({ name }) => name);

describe('a form', () => {
  it('opened by a button is filled in on the same line, and keeps the fields that were left out', async () => {
    expect((await verdictOn('press:edit prompt:a blue fox files:one.png two.png')).reason).toBe('Thank you.');
    expect(sent[0]?.fields.getTextInputValue('prompt')).toBe('a blue fox');
    expect(filesOf(sent[0])).toEqual(['one.png', 'two.png']);
    await verdictOn('press:Edit files:three.png');
    expect(sent[1]?.fields.getTextInputValue('prompt')).toBe('a red fox');
  });

  it('opened by a context menu command is about the newest picture', async () => {
    await verdictOn('apps:animate prompt:it runs');
    expect(sent[0]?.fields.getTextInputValue('prompt')).toBe('it runs');
  });

  it('without any field given is shown, with how to continue', async () => {
    const { form } = await doer.act('press:Edit');
    expect(
      form &&
        drawForm(form, 'press:Edit', {
          paint: createPaint(false),
          names: () => ({ user: () => undefined, channel: () => undefined, now: 0 }),
        }),
    ).toEqual([
      'Change it',
      '  prompt: a red fox',
      '  files:',
      '  Send it on one line, with what is to be different: press:Edit prompt:…',
    ]);
    expect(await verdictOn('press:Edit')).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('It has prompt, files'),
    });
  });

  it.each([
    ['press:Edit size:big', 'the form has no field size; there are: prompt, files'],
    ['apps:Remix prompt:x', 'there is no Apps › Remix; there are: Animate'],
  ])('is not what %j asks for', async (line, reason) => {
    await expect(doer.act(line)).rejects.toThrow(reason);
  });
});

it.each([
  ['Edit', { name: 'Edit', fields: '' }],
  ['Redraw in 2K', { name: 'Redraw in 2K', fields: '' }],
  ['Edit prompt:a: b options:--ar 1:1', { name: 'Edit', fields: 'prompt:a: b options:--ar 1:1' }],
  ['v1:again:1:1', { name: 'v1:again:1:1', fields: '' }],
])('%j is taken apart', (rest, parts) => expect(takeFields(rest)).toEqual(parts));
