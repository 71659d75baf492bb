import type { ChatInputCommandInteraction } from 'discord.js';
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
import { finished, type Styled, styledFor, unstyled } from '../shared/styled.js';
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
      pick('style'),
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
    const typed = given({
      model: options.getString('model'),
      style: options.getString('style'),
      compare: modelsIn(options.getString('compare') ?? ''),
    });
    const read = () => {
      const styled = styledFor('video', typed.style, offer);
      const plain = clipIn(interaction, typed, styled);
      const model = styled.offer.catalogue.find('video', plain.model);
      const clip = withShots(plain, options.getString('shots'), model, styled.offer);
      const open = (['duration', 'audio'] as const).filter((name) => clip[name] === undefined);
      return finished(withTyped(clip, typed, styled) ?? withUsual(clip, styled), styled, { open });
    };
    const draft = { request: clipIn(interaction, typed, unstyled(offer)), typed };
    const order = await orAsForm(read, draft, interaction, bot);
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

function clipIn(
  interaction: ChatInputCommandInteraction,
  typed: Chosen,
  { offer, defaults }: Styled,
): VideoRequest {
  const { options } = interaction;
  const [image, lastImage] = [options.getAttachment('image'), options.getAttachment('last_image')];
  const common = {
    ...commonOf(interaction),
    ...given({ image: image && toSource(image), lastImage: lastImage && toSource(lastImage) }),
  };
  const { asked, model } = chosenModel('video', typed.model ?? typed.compare?.[0], offer, common);
  return {
    kind: 'video',
    prompt: options.getString('prompt') ?? '',
    model: model?.id ?? asked,
    enhance: options.getBoolean('enhance') ?? defaults.enhance ?? false,
    ...common,
    ...given({
      duration: options.getInteger('duration'),
      audio: options.getBoolean('audio'),
      music: options.getBoolean('music'),
      offPeak: options.getBoolean('off_peak'),
    }),
  };
}

/** The length and sound that go without saying. */
function withUsual(request: VideoRequest, { offer, defaults }: Styled): VideoRequest {
  const model = offer.catalogue.find('video', request.model);
  if (!model) return request;
  const { resolution = defaults.resolution } = request;
  const { duration, audio } = offer.config.video;
  return {
    ...given({
      duration: usualSeconds(model, resolution, duration),
      audio: usualSound(model, { ...request, ...given({ resolution }) }, audio),
    }),
    ...request,
  };
}

/**
 * Models that are compared have no usual length or sound in common.
 * @throws UserError if what was typed can't be read.
 */
function withTyped(
  request: VideoRequest,
  typed: Chosen,
  { offer, defaults }: Styled,
): VideoRequest | undefined {
  const { model, set } = setOf('video', typed, offer);
  if (!set || model === undefined) return undefined;
  const { duration, resolution = defaults.resolution } = request;
  const usual = duration === undefined ? withUsualSeconds(set, resolution, offer) : set;
  return { ...request, model, set: usual };
}
