import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { usualSeconds, usualSound } from '../../src/mps/catalogue/modes.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand } from '../shared/option-builders.js';
import { chosenModel, commonOf, given, toSource } from '../shared/option-readers.js';

/** `/animate it runs`, with or without a first image. */
export const animate = {
  name: 'animate',
  kind: 'video',

  data({ catalogue, config }) {
    const { words, pick, seconds, flag, image } = optionsOf('animate');
    const models = catalogue.list('video');
    return slashCommand('animate', [
      words('prompt'),
      image('image'),
      pick('model'),
      seconds('duration'),
      pick('resolution'),
      pick('aspect_ratio'),
      flag('audio'),
      words('negative'),
      image('last_image'),
      ...referenceNames.map((name) => image(name)),
      ...onlyIf(
        models.some(({ subjects }) => subjects),
        words('reference_type'),
      ),
      ...onlyIf(
        models.some(({ music }) => music),
        flag('music'),
      ),
      ...onlyIf(
        models.some(({ offPeak }) => offPeak),
        flag('off_peak'),
      ),
      ...onlyIf(
        models.some(({ scenes }) => scenes?.length),
        pick('scene'),
      ),
      flag('watermark'),
      flag('enhance'),
      flag('private'),
      ...onlyIf(config.additionalParameters, words('additional')),
    ]);
  },

  async run(interaction, bot: Uses<'guilds' | 'orders'>) {
    const { options } = interaction;
    const offer = await bot.guilds.offer(interaction);
    const image = options.getAttachment('image');
    const lastImage = options.getAttachment('last_image');
    const common = {
      ...commonOf(interaction),
      ...given({ image: image && toSource(image), lastImage: lastImage && toSource(lastImage) }),
    };
    const { asked, model } = chosenModel('video', options.getString('model'), offer, common);
    const { duration, audio } = offer.config.video;
    const request = {
      kind: 'video' as const,
      prompt: options.getString('prompt') ?? '',
      model: model?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? false,
      ...common,
      ...given({
        duration:
          options.getInteger('duration') ?? (model && usualSeconds(model, common.resolution, duration)),
        audio: options.getBoolean('audio') ?? (model && usualSound(model, common, audio)),
        music: options.getBoolean('music'),
        offPeak: options.getBoolean('off_peak'),
      }),
    };
    await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('video', interaction, bot),
} satisfies Command<Bot>;
