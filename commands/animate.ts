import type { Command, Offer } from '../src/discord/command.js';
import type { VideoModel } from '../src/mps/models.js';
import { complete } from './completion.js';
import {
  chosenModel,
  commonOf,
  given,
  onlyIf,
  optionsOf,
  referenceNames,
  slashCommand,
  toSource,
} from './options.js';

/** `/animate it runs`, with or without a picture to begin with. */
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

  async run(interaction, easel) {
    const { options } = interaction;
    const offer = await easel.offer(interaction);
    const { asked, model } = chosenModel('video', interaction, offer);
    const image = options.getAttachment('image');
    const lastImage = options.getAttachment('last_image');
    const request = {
      kind: 'video' as const,
      prompt: options.getString('prompt') ?? '',
      model: model?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? false,
      ...commonOf(interaction),
      ...given({
        image: image && toSource(image),
        lastImage: lastImage && toSource(lastImage),
        duration: options.getInteger('duration') ?? usualDuration(model, offer),
        audio: options.getBoolean('audio') ?? (model?.audio ? easel.config.video.audio : undefined),
        music: options.getBoolean('music'),
        offPeak: options.getBoolean('off_peak'),
      }),
    };
    await easel.order(interaction, request, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, easel) => complete('video', interaction, easel),
} satisfies Command;

/** The offer's duration where the model takes it, else the model's own. */
export function usualDuration(model: VideoModel | undefined, { config }: Offer): number | undefined {
  return model?.durations.find((seconds) => seconds === config.video.duration) ?? model?.defaultDuration;
}
