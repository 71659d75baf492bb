import type { ChatInputCommandInteraction } from 'discord.js';
import type { Offer } from '../../src/discord/access/guild-catalogue.js';
import { formatChosen } from '../../src/discord/input/inline-options.js';
import { modelsIn } from '../../src/discord/input/option-table.js';
import type { Command } from '../../src/discord/interactions/command.js';
import { draftOf } from '../../src/discord/interactions/order-refusals.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { eventOf } from '../../src/discord/services/orders.js';
import { UserError } from '../../src/errors.js';
import type { ImageRequest } from '../../src/mps/generation-request.js';
import { complete } from '../shared/autocomplete.js';
import { onlyIf, optionsOf, referenceNames, slashCommand } from '../shared/option-builders.js';
import { chosenModel, commonOf, given } from '../shared/option-readers.js';
import { textOf } from '../shared/order-form.js';
import { clipOf } from '../shared/request-builder.js';
import { setOf } from '../shared/set-options.js';

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
    const common = commonOf(interaction);
    const { model: named, set } = setIn(interaction, offer);
    const { asked, model } = chosenModel('image', named, offer, common);
    const picture = {
      kind: 'image' as const,
      prompt: options.getString('prompt', true),
      model: model?.id ?? asked,
      enhance: options.getBoolean('enhance') ?? true,
      ...common,
      ...given({
        set,
        size: options.getString('size'),
        format: formats.find((format) => format === options.getString('format')),
      }),
    };
    const request = await withClip(picture, interaction, offer, bot);
    await bot.orders.place(interaction, request, given({ private: options.getBoolean('private') }));
  },

  complete: (interaction, bot: Uses<'guilds'>) => complete('image', interaction, bot),
} satisfies Command<Bot>;

/** Several pictures, on one model or side by side. */
function setIn({ options }: ChatInputCommandInteraction, offer: Offer) {
  const chosen = given({
    model: options.getString('model'),
    count: options.getInteger('count'),
    compare: modelsIn(options.getString('compare') ?? ''),
    pick: options.getInteger('pick'),
  });
  return setOf('image', chosen, offer);
}

/** @throws UserError with a button that opens the whole order as a form, if `then_animate` can't be read. */
async function withClip(
  picture: ImageRequest,
  interaction: ChatInputCommandInteraction,
  offer: Offer,
  bot: Uses<'refusals'>,
): Promise<ImageRequest> {
  const then = interaction.options.getString('then_animate');
  if (then === null) return picture;
  try {
    return { ...picture, thenAnimate: clipOf(then, offer) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { options = '', ...text } = textOf(picture);
    const filled = { ...text, options: `${options} ${formatChosen({ thenAnimate: then })}`.trim() };
    const secret = interaction.options.getBoolean('private') ? { private: true as const } : {};
    const draft = { ...draftOf(picture), filled, ...secret };
    const edit = { label: { key: 'button.edit' }, choice: { draft } } as const;
    throw await bot.refusals.withChoices(error, eventOf(interaction), [edit]);
  }
}
