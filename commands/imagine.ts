import { ApplicationCommandOptionType } from 'discord.js';
import type { Command } from '../src/discord/command.js';
import { completeModel, described, given, slashCommand, textOption, toSource } from './options.js';

/** `/imagine a red fox in the snow` */
export const imagine = {
  kind: 'image',
  data: slashCommand('imagine', 'imagine.description', [
    textOption('prompt', 'imagine.prompt', { required: true }),
    textOption('negative', 'imagine.negative'),
    textOption('model', 'imagine.model', { autocomplete: true }),
    { type: ApplicationCommandOptionType.Attachment, name: 'reference', ...described('imagine.reference') },
    { type: ApplicationCommandOptionType.Boolean, name: 'enhance', ...described('imagine.enhance') },
  ]),

  async run(interaction, easel) {
    const { options } = interaction;
    const reference = options.getAttachment('reference');
    const asked = options.getString('model') ?? easel.config.image.model;
    await easel.order(interaction, {
      kind: 'image',
      prompt: options.getString('prompt', true),
      model: easel.catalogue.find('image', asked)?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? true,
      ...given({
        negative: options.getString('negative'),
        references: reference && [toSource(reference)],
      }),
    });
  },

  complete: (interaction, easel) => completeModel(easel.catalogue, 'image', interaction.options.getFocused()),
} satisfies Command;
