import {
  type APIButtonComponentWithCustomId,
  type AutocompleteInteraction,
  ButtonStyle,
  type ChatInputCommandInteraction,
  ComponentType,
  type MessageComponentInteraction,
} from 'discord.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Choice, Command, Panel } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { customId, parseCustomId, type Verb } from '../../src/discord/views/custom-ids.js';
import {
  detailsControl,
  drawGallery,
  type GalleryPlace,
  parsePlace,
} from '../../src/discord/views/gallery-page.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import { type Model, toId } from '../../src/mps/catalogue/catalogue.js';
import type { Kind } from '../../src/mps/generation-request.js';
import type { TaskId } from '../../src/tasks/model/task.js';
import { lowerCased } from '../../src/util/lower-case.js';
import { isLike, labelIn } from '../shared/autocomplete.js';
import { optionsOf, slashCommand } from '../shared/option-builders.js';
import { given } from '../shared/option-readers.js';
import { type DetailsNeeds, showDetails } from './result-buttons.js';

/** `/gallery`: recent results. Only the user who asks sees them, since not everyone sees every channel. */
export const gallery = {
  name: 'gallery',

  data() {
    const { member, pick, oneOf } = optionsOf('gallery');
    return slashCommand('gallery', [
      member('member'),
      pick('model'),
      oneOf('kind', 'kind', kinds),
      oneOf('sort', 'gallery', ['newest', 'stars']),
    ]);
  },

  async run(interaction, bot: Needs) {
    const { options } = interaction;
    const model = options.getString('model');
    const filter = given({
      userId: options.getUser('member')?.id,
      model: model && (modelNamed(model, bot)?.id ?? toId(model)),
      kind: kindIn(interaction),
    });
    const first = {
      page: 0,
      filter,
      ...(options.getString('sort') === 'stars' && { sort: 'stars' as const }),
    };
    await bot.deferred.whisper(interaction, () => pageAt(interaction, bot, first));
  },

  /** Models of the results that this user may see, most used first. */
  async complete(interaction, bot: Uses<'gallery' | 'catalogue' | 'guilds'>) {
    const typed = lowerCased(interaction.options.getFocused().trim());
    const locale = await bot.guilds.locale(interaction);
    const models = await bot.gallery.modelsShown(interaction, kindIn(interaction));
    return models
      .map((id): Choice => ({ name: labelOf(id, bot, locale).slice(0, 100), value: id }))
      .filter(({ name, value }) => lowerCased(name).includes(typed) || isLike(String(value), typed));
  },
} satisfies Command<Bot>;

/**
 * Its paging buttons, which carry the page and filters; the page is looked up again. And its select, which shows the
 * details of one result.
 */
export const galleryPanel = {
  id: 'gallery',
  async use(interaction, control, bot: Needs & ChosenNeeds) {
    if (control === detailsControl) return showChosen(interaction, bot);
    const place = parsePlace(control);
    if (!place) throw new UserError({ key: 'error.button.unknown' });
    await bot.deferred.update(interaction, () => pageAt(interaction, bot, place));
  },
} satisfies Panel<Bot>;

/** @throws UserError */
async function showChosen(interaction: MessageComponentInteraction, bot: ChosenNeeds): Promise<void> {
  const [chosen = ''] = interaction.isStringSelectMenu() ? interaction.values : [];
  const asked = parseCustomId(`v1:details:${chosen}`);
  if (!asked) throw new UserError({ key: 'error.button.unknown' });
  await showDetails(interaction, asked.id, bot, ({ id, origin, request, set }, locale) => [
    // Of a set that one result: Again below its message orders all.
    ...(bot.config[request.kind].enabled ? [smallButton('again', id, locale, set && 'retry')] : []),
    // There is no message to lead to.
    ...(origin.private ? [smallButton('original', id, locale)] : []),
  ]);
}

function smallButton(
  name: 'again' | 'original',
  id: TaskId,
  locale: Locale,
  verb: Verb = name,
): APIButtonComponentWithCustomId {
  const label = text(locale, `button.${name}`);
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id: customId(verb, id) };
}

type ChosenNeeds = DetailsNeeds & Uses<'config'>;

type Needs = Uses<'gallery' | 'guilds' | 'catalogue' | 'deferred'>;

const kinds = ['image', 'video'] as const satisfies readonly Kind[];

function kindIn({ options }: Asking): Kind | undefined {
  return kinds.find((kind) => kind === options.getString('kind'));
}

type Asking = AutocompleteInteraction | ChatInputCommandInteraction;

function modelNamed(name: string, { catalogue }: Uses<'catalogue'>): Model | undefined {
  return catalogue.find('image', name) ?? catalogue.find('video', name);
}

function labelOf(id: string, bot: Uses<'catalogue'>, locale: Locale): string {
  const model = modelNamed(id, bot);
  return model ? labelIn(model, locale) : id;
}

async function pageAt(interaction: AnswerableInteraction, bot: Needs, place: GalleryPlace) {
  const [view, locale] = await Promise.all([
    bot.gallery.page(interaction, place),
    bot.guilds.locale(interaction),
  ]);
  const draw = (isWordless: boolean) => drawGallery({ ...view, isWordless }, locale, bot.catalogue);
  return { card: draw(false), wordless: draw(true) };
}
