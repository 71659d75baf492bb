import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Chosen } from '../../src/discord/input/inline-options.js';
import { modelsIn } from '../../src/discord/input/option-table.js';
import { parseShots, spreadShots } from '../../src/discord/input/shots.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import type { VideoModel } from '../../src/mps/catalogue/catalogue.js';
import { usualSeconds, usualSound } from '../../src/mps/catalogue/modes.js';
import type { VideoRequest } from '../../src/mps/generation-request.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand } from '../shared/option-builders.js';
import { chosenModel, commonOf, given, toSource } from '../shared/option-readers.js';
import { setOf, withUsualSeconds } from '../shared/set-options.js';
import { orAsForm } from './as-form.js';

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
      pick('compare'),
      seconds('duration'),
      pick('resolution'),
      pick('aspect_ratio'),
      flag('audio'),
      ...onlyIf(
        models.some(({ shots }) => shots),
        words('shots'),
      ),
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

  async run(interaction, bot: Uses<'guilds' | 'orders' | 'refusals'>) {
    const { options } = interaction;
    const offer = await bot.guilds.offer(interaction);
    const image = options.getAttachment('image');
    const lastImage = options.getAttachment('last_image');
    const common = {
      ...commonOf(interaction),
      ...given({ image: image && toSource(image), lastImage: lastImage && toSource(lastImage) }),
    };
    const typed = given({
      model: options.getString('model'),
      compare: modelsIn(options.getString('compare') ?? ''),
    });
    const { asked, model } = chosenModel('video', typed.model ?? typed.compare?.[0], offer, common);
    const request = {
      kind: 'video' as const,
      prompt: options.getString('prompt') ?? '',
      model: model?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? false,
      ...common,
      ...given({
        duration: options.getInteger('duration'),
        audio: options.getBoolean('audio'),
        music: options.getBoolean('music'),
        offPeak: options.getBoolean('off_peak'),
      }),
    };
    const read = () => {
      const cut = withShots(request, options.getString('shots'), model, offer);
      return withTyped(cut, typed, offer) ?? withUsual(cut, model, offer);
    };
    const order = await orAsForm(read, { request, typed }, interaction, bot);
    await bot.orders.place(interaction, order, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('video', interaction, bot),
} satisfies Command<Bot>;

/** @throws UserError if the shots can't be read. */
function withShots(
  request: VideoRequest,
  text: string | null,
  model: VideoModel | undefined,
  { config }: Offer,
): VideoRequest {
  if (text === null || text.trim() === '') return request;
  const written = parseShots(text);
  if (!written) throw new UserError({ key: 'grammar.shots', params: { asked: text } });
  const usual = model && usualSeconds(model, request.resolution, config.video.duration);
  return { ...request, ...spreadShots(written, request.duration, usual) };
}

/** The length and sound that go without saying. */
function withUsual(request: VideoRequest, model: VideoModel | undefined, { config }: Offer): VideoRequest {
  if (!model) return request;
  const { resolution } = request;
  const { duration, audio } = config.video;
  return {
    ...given({
      duration: usualSeconds(model, resolution, duration),
      audio: usualSound(model, request, audio),
    }),
    ...request,
  };
}

/**
 * Models that are compared have no usual length or sound in common.
 * @throws UserError if what was typed can't be read.
 */
function withTyped(request: VideoRequest, typed: Chosen, offer: Offer): VideoRequest | undefined {
  const { model, set } = setOf('video', typed, offer);
  if (!set || model === undefined) return undefined;
  const { duration, resolution } = request;
  const usual = duration === undefined ? withUsualSeconds(set, resolution, offer) : set;
  return { ...request, model, set: usual };
}
