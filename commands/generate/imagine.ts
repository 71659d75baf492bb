import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand } from '../shared/option-builders.js';
import { chosenModel, commonOf, given } from '../shared/option-readers.js';
import { clipOf } from '../shared/request-builder.js';

const formats = ['png', 'jpeg'] as const;

/** `/imagine a red fox in the snow` */
export const imagine = {
  name: 'imagine',
  kind: 'image',

  data({ catalogue, config }) {
    const { words, pick, choice, flag, image } = optionsOf('imagine');
    const models = catalogue.list('image');
    return slashCommand('imagine', [
      words('prompt', { required: true }),
      words('negative'),
      ...onlyIf(config.video.enabled, words('then_animate')),
      pick('model'),
      pick('aspect_ratio'),
      pick('size'),
      pick('resolution'),
      ...referenceNames.map((name) => image(name)),
      ...onlyIf(
        models.some(({ subjects }) => subjects),
        words('reference_type'),
      ),
      flag('enhance'),
      choice('format', formats),
      ...onlyIf(
        models.some(({ scenes }) => scenes?.length),
        pick('scene'),
      ),
      flag('watermark'),
      flag('private'),
      ...onlyIf(config.additionalParameters, words('additional')),
    ]);
  },

  async run(interaction, bot: Uses<'guilds' | 'orders'>) {
    const { options } = interaction;
    const offer = await bot.guilds.offer(interaction);
    const common = commonOf(interaction);
    const { asked, model } = chosenModel('image', options.getString('model'), offer, common);
    const then = options.getString('then_animate');
    const request = {
      kind: 'image' as const,
      prompt: options.getString('prompt', true),
      model: model?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? true,
      ...common,
      ...given({
        size: options.getString('size'),
        format: formats.find((format) => format === options.getString('format')),
        thenAnimate: then === null ? undefined : clipOf(then, offer),
      }),
    };
    await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('image', interaction, bot),
} satisfies Command<Bot>;
