import type { AutocompleteInteraction, ChatInputCommandInteraction } from 'discord.js';
import { type AnswerableInteraction, guildOf } from '../../src/discord/access/request-origin.js';
import type { Choice, Command, Easel, Panel } from '../../src/discord/interactions/command.js';
import {
  drawGallery,
  type GalleryPlace,
  matches,
  parsePlace,
  perPage,
} from '../../src/discord/views/gallery-page.js';
import { UserError } from '../../src/errors.js';
import { toId } from '../../src/mps/catalogue/catalogue.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { given, optionsOf, slashCommand } from '../shared/option-builders.js';

/** `/gallery`: what was made here lately, for the person who asks alone, since not everybody sees every channel. */
export const gallery = {
  name: 'gallery',

  data() {
    const { member, pick, choice } = optionsOf('gallery');
    return slashCommand('gallery', [member('person'), pick('model'), choice('kind', kinds)]);
  },

  async run(interaction, easel) {
    const { options } = interaction;
    const model = options.getString('model');
    const filter = given({
      userId: options.getUser('person')?.id,
      model: model && toId(model),
      kind: kindIn(interaction),
    });
    await easel.whisperLater(interaction, () => pageAt(interaction, easel, { page: 0, filter }));
  },

  /** Models that something here was made with, the most used first. */
  complete(interaction, easel) {
    const typed = interaction.options.getFocused().trim().toLowerCase();
    return easel
      .modelsUsed(interaction, kindIn(interaction))
      .map((id): Choice => ({ name: labelOf(id, easel).slice(0, 100), value: id }))
      .filter(({ name, value }) => name.toLowerCase().includes(typed) || String(value).includes(typed));
  },
} satisfies Command;

/** The buttons that turn its pages. Which page of what is all in the button, and looked up anew. */
export const galleryPanel = {
  desk: 'gallery',
  async use(interaction, control, easel) {
    const place = parsePlace(control);
    if (!place) throw new UserError({ key: 'error.button.unknown' });
    await easel.updateLater(interaction, () => pageAt(interaction, easel, place));
  },
} satisfies Panel;

const kinds = ['image', 'video'] as const satisfies readonly Kind[];

function kindIn({ options }: Asking): Kind | undefined {
  return kinds.find((kind) => kind === options.getString('kind'));
}

type Asking = AutocompleteInteraction | ChatInputCommandInteraction;

function labelOf(id: string, { catalogue }: Easel): string {
  return (catalogue.find('image', id) ?? catalogue.find('video', id))?.label ?? id;
}

async function pageAt(interaction: AnswerableInteraction, easel: Easel, { page, filter }: GalleryPlace) {
  const [all, locale] = await Promise.all([easel.results(interaction), easel.locale(interaction)]);
  const found = all.filter((result) => matches(filter, result));
  const pages = Math.max(1, Math.ceil(found.length / perPage));
  const shown = Math.min(page, pages - 1);
  const listed = found.slice(shown * perPage, (shown + 1) * perPage);
  const tasks = await Promise.all(listed.map(({ id }) => easel.find(id)));
  const view = {
    tasks: tasks.filter((task) => task !== undefined),
    pages,
    of: guildOf(interaction) === undefined ? ('own' as const) : ('server' as const),
    place: { page: shown, filter },
  };
  return { card: drawGallery(view, locale, easel.catalogue) };
}
