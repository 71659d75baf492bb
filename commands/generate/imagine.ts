import type { ChatInputCommandInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import type { Chosen } from '../../src/discord/input/inline-options.js';
import { modelsIn } from '../../src/discord/input/option-table.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import type { ImageRequest } from '../../src/mps/generation-request.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand } from '../shared/option-builders.js';
import { chosenModel, commonOf, given } from '../shared/option-readers.js';
import { clipOf, styleOfNext } from '../shared/request-builder.js';
import { setOf } from '../shared/set-options.js';
import { finished, type Styled, styledFor, unstyled } from '../shared/styled.js';
import { orAsForm } from './as-form.js';

const formats = ['png', 'jpeg'] as const;
/** As many pictures as one answer shows beside a clip. */
const mostPictures = 9;

/** `/imagine a red fox in the snow` */
export const imagine = {
  name: 'imagine',
  kind: 'image',

  data({ catalogue, config }) {
    const { words, pick, choice, count, flag, image } = optionsOf('imagine');
    const models = catalogue.list('image');
    return slashCommand('imagine', [
      words('prompt', { required: true }),
      words('negative'),
      ...onlyIf(config.video.enabled, words('then_animate'), count('pick', [1, mostPictures], false)),
      pick('style'),
      pick('model'),
      count('count', [1, mostPictures], false),
      pick('compare'),
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

  async run(interaction, bot: Uses<'guilds' | 'orders' | 'refusals'>) {
    const { options } = interaction;
    const offer = await bot.guilds.offer(interaction);
    const typed = typedIn(interaction);
    const read = () => {
      const styled = styledFor('image', typed.style, offer);
      return finished(withTyped(pictureIn(interaction, typed, styled), typed, styled, offer), styled);
    };
    const draft = { request: pictureIn(interaction, typed, unstyled(offer)), typed };
    const request = await orAsForm(read, draft, interaction, bot);
    await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('image', interaction, bot),
} satisfies Command<Bot>;

function pictureIn(
  interaction: ChatInputCommandInteraction,
  typed: Chosen,
  { offer, defaults }: Styled,
): ImageRequest {
  const { options } = interaction;
  const common = commonOf(interaction);
  const { asked, model } = chosenModel('image', typed.model ?? typed.compare?.[0], offer, common);
  return {
    kind: 'image',
    prompt: options.getString('prompt', true),
    model: model?.id ?? asked,
    enhance: options.getBoolean('enhance') ?? defaults.enhance ?? true,
    ...common,
    ...given({
      size: options.getString('size'),
      format: formats.find((format) => format === options.getString('format')),
    }),
  };
}

/** What was typed that has to be read first: how many pictures, by which models, and what follows. */
function typedIn({ options }: ChatInputCommandInteraction): Chosen {
  return given({
    model: options.getString('model'),
    style: options.getString('style'),
    count: options.getInteger('count'),
    compare: modelsIn(options.getString('compare') ?? ''),
    pick: options.getInteger('pick'),
    thenAnimate: options.getString('then_animate'),
  });
}

/** @throws UserError if what was typed can't be read. */
function withTyped(picture: ImageRequest, typed: Chosen, styled: Styled, offer: Offer): ImageRequest {
  const { thenAnimate, style, ...several } = typed;
  const { model, set } = setOf('image', several, styled.offer);
  return {
    ...picture,
    ...(set?.compare && model !== undefined && { model }),
    ...given({ set }),
    ...(thenAnimate !== undefined && { thenAnimate: clipOf(thenAnimate, offer, styleOfNext(style, offer)) }),
  };
}
