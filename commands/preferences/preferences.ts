import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { locales, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { isNone } from '../../src/presets/built-in.js';
import { type Preferences, withoutDefaults } from '../../src/presets/preferences.js';
import { nameKey, type OptionsByKind, type Preset } from '../../src/presets/preset.js';
import type { Style } from '../../src/presets/style-book.js';
import { openStyleForm } from '../presets/open-style-forms.js';
import { requirePossible } from '../presets/possible-options.js';
import { drawStyle } from '../presets/style-card.js';
import { requirePreset } from '../presets/style-forms.js';
import { complete } from '../shared/autocomplete.js';
import { optionsOf, slashCommand, subcommand } from '../shared/option-builders.js';
import { given } from '../shared/option-readers.js';
import { noneRow, styleRows } from '../shared/style-autocomplete.js';
import { preferenceLines } from './preference-lines.js';

type Needs = Uses<'showcase' | 'styles' | 'guilds' | 'responder' | 'deferred' | 'catalogue'>;
type Run = (interaction: ChatInputCommandInteraction, bot: Needs) => Promise<void>;
type Change = (preferences: Preferences) => Preferences;

/** What `reset` can remove. */
const parts = ['all', 'language', 'private', 'style', 'image', 'video'] as const;

const runs: Readonly<Record<string, Run>> = {
  show,
  language: (interaction, bot) => {
    const wanted = interaction.options.getString('language', true);
    const language = locales.find((locale) => locale === wanted);
    return change(interaction, bot, ({ language: _before, ...rest }) => ({
      ...rest,
      ...given({ language }),
    }));
  },
  private: (interaction, bot) => {
    const secret = interaction.options.getBoolean('on') ?? undefined;
    return change(interaction, bot, ({ private: _before, ...rest }) => ({
      ...rest,
      ...given({ private: secret }),
    }));
  },
  async showcase(interaction, bot) {
    const isShown = interaction.options.getBoolean('shown', true);
    await change(interaction, bot, ({ showcase: _before, ...rest }) => ({
      ...rest,
      ...(!isShown && { showcase: false as const }),
    }));
    if (!isShown) await bot.showcase.withdraw(interaction.user.id);
  },
  async style(interaction, bot) {
    const asked = interaction.options.getString('style') ?? undefined;
    const style =
      asked === undefined ? undefined : isNone(asked) ? null : (await styleIn(interaction, asked, bot)).name;
    await change(interaction, bot, ({ style: _before, ...rest }) => ({
      ...rest,
      ...(style !== undefined && { style }),
    }));
  },
  pictures: (interaction, bot) => setOptions(interaction, 'image', bot),
  clips: (interaction, bot) => setOptions(interaction, 'video', bot),
  async reset(interaction, bot) {
    const what = parts.find((part) => part === interaction.options.getString('what')) ?? 'all';
    await change(
      interaction,
      bot,
      resetting(what),
      what === 'all' ? 'preferences.cleared' : 'preferences.changed',
    );
  },
  style_add: (interaction, bot) => openStyleForm(interaction, 'ownstyle', undefined, bot),
  async style_edit(interaction, bot) {
    await openStyleForm(interaction, 'ownstyle', await ownStyle(interaction, bot), bot);
  },
  async style_remove(interaction, bot) {
    const { no, name } = await ownStyle(interaction, bot);
    await bot.styles.changeUser(interaction.user.id, ({ style, ...own }) => ({
      ...own,
      presets: own.presets.filter((one) => one.no !== no),
      ...(style !== undefined && !(style !== null && nameKey(style) === nameKey(name)) && { style }),
    }));
    const locale = await bot.guilds.locale(interaction);
    await bot.responder.whisper(
      interaction,
      drawLines([text(locale, 'style.done.removed', { style: escapeWords(name) })]),
    );
  },
};

/** `/preferences`: a user's own defaults and styles. */
export const preferences = {
  name: 'preferences',
  everywhere: true,

  data({ config }) {
    const { pick, flag, seconds, language, oneOf } = optionsOf('preferences');
    const one = { says: 'presets.style' } as const;
    const part = (name: string, ...options: NonNullable<Parameters<typeof subcommand>[2]>) =>
      subcommand('preferences', name, options);
    const { image, video } = config;
    return slashCommand('preferences', [
      part('show', pick('style', one)),
      part('language', language('language', 'language.own')),
      part('private', flag('on')),
      part('showcase', flag('shown', true)),
      part('style', pick('style')),
      ...(image.enabled
        ? [part('pictures', pick('model'), pick('aspect_ratio'), pick('size'), pick('resolution'))]
        : []),
      ...(video.enabled
        ? [
            part(
              'clips',
              pick('model'),
              seconds('duration'),
              pick('resolution'),
              pick('aspect_ratio'),
              flag('audio'),
            ),
          ]
        : []),
      part('reset', oneOf('what', 'reset', parts)),
      part('style_add'),
      part('style_edit', pick('style', { ...one, required: true })),
      part('style_remove', pick('style', { ...one, required: true })),
    ]);
  },

  async run(interaction, bot: Needs) {
    await runs[interaction.options.getSubcommand()]?.(interaction, bot);
  },

  async complete(interaction, bot: Uses<'styles' | 'guilds'>) {
    const { name, value } = interaction.options.getFocused(true);
    const part = interaction.options.getSubcommand();
    if (name !== 'style') return complete(part === 'clips' ? 'video' : 'image', interaction, bot);
    const [book, locale] = await Promise.all([bot.styles.book(interaction), bot.guilds.locale(interaction)]);
    const isOwn = part.startsWith('style_');
    const rows = styleRows(
      isOwn ? book.styles.filter(({ of }) => of === 'own') : book.styles,
      value,
      locale,
      24,
    );
    return part === 'style' ? [...rows, ...noneRow(value, locale)] : rows;
  },
} satisfies Command<Bot>;

async function show(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const locale = await bot.guilds.locale(interaction);
  const asked = interaction.options.getString('style');
  if (asked !== null) {
    const style = await styleIn(interaction, asked, bot);
    return bot.deferred.whisper(interaction, async () => ({
      card: await drawStyle(interaction, style, locale, bot),
    }));
  }
  const own = await bot.styles.ofUser(interaction.user.id);
  await bot.responder.whisper(interaction, drawLines(preferenceLines(own, locale, bot.catalogue)));
}

async function change(
  interaction: ChatInputCommandInteraction,
  bot: Needs,
  how: Change,
  key: 'preferences.changed' | 'preferences.cleared' = 'preferences.changed',
): Promise<void> {
  const own = await bot.styles.changeUser(interaction.user.id, how);
  // A new language is that of the answer.
  const locale = await bot.guilds.locale(interaction);
  const lines = [text(locale, key), '', ...preferenceLines(own, locale, bot.catalogue)];
  await bot.responder.whisper(interaction, drawLines(lines));
}

function resetting(what: (typeof parts)[number]): Change {
  if (what === 'all') return withoutDefaults;
  if (what === 'image' || what === 'video') return (own) => ({ ...own, [what]: {} });
  return ({ [what]: _before, ...rest }) => rest;
}

/** A style that can be chosen here. @throws UserError if there is none of that name. */
async function styleIn(
  interaction: ChatInputCommandInteraction,
  asked: string,
  bot: Uses<'styles'>,
): Promise<Style> {
  const book = await bot.styles.book(interaction);
  const found = book.find(asked);
  if (found) return found;
  const styles = book.styles.map(({ name }) => name).slice(0, 10);
  throw new UserError(
    styles.length > 0
      ? { key: 'style.unknown', params: { asked, styles } }
      : { key: 'style.unknown.none', params: { asked } },
  );
}

async function ownStyle(interaction: ChatInputCommandInteraction, bot: Uses<'styles'>): Promise<Preset> {
  const { presets } = await bot.styles.ofUser(interaction.user.id);
  const asked = interaction.options.getString('style', true);
  return requirePreset(
    presets,
    presets.find(({ name }) => nameKey(name) === nameKey(asked)),
    asked,
  );
}

/** Sets the options that were given; the others stay. */
async function setOptions(interaction: ChatInputCommandInteraction, kind: Kind, bot: Needs): Promise<void> {
  const { options } = interaction;
  const offer = await bot.guilds.offer(interaction);
  const named = options.getString('model');
  const model = named === null ? undefined : offer.catalogue.find(kind, named)?.id;
  if (named !== null && model === undefined)
    throw new UserError({ key: 'style.model', params: { asked: named } });
  const chosen: OptionsByKind['image'] & OptionsByKind['video'] = given({
    model,
    aspectRatio: options.getString('aspect_ratio')?.replace(/\s/g, '').slice(0, 20),
    resolution: options.getString('resolution')?.trim().toUpperCase().slice(0, 20),
    ...(kind === 'image'
      ? { size: options.getString('size')?.trim().slice(0, 20) }
      : { duration: options.getInteger('duration'), audio: options.getBoolean('audio') }),
  });
  if (Object.keys(chosen).length === 0) throw new UserError({ key: 'preferences.nothing' });
  requirePossible([kind], chosen, offer);
  await change(interaction, bot, (own) => ({ ...own, [kind]: shaped({ ...own[kind], ...chosen }, chosen) }));
}

/** A size and a ratio stand for each other: the one that was given stays. */
function shaped(
  all: OptionsByKind['image'] & OptionsByKind['video'],
  { size, aspectRatio }: OptionsByKind['image'],
): OptionsByKind['image'] {
  const { size: oldSize, aspectRatio: oldRatio, ...rest } = all;
  if (size !== undefined) return { ...rest, size };
  return {
    ...rest,
    ...given({ aspectRatio: aspectRatio ?? oldRatio, size: aspectRatio ? undefined : oldSize }),
  };
}
