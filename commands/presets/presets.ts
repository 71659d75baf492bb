import type { AutocompleteInteraction, ChatInputCommandInteraction } from 'discord.js';
import { sightOf } from '../../src/discord/access/channel-visibility.js';
import { isManager, requireManager } from '../../src/discord/access/permissions.js';
import type { Choice, Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawLines, drawPages } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { type Locale, type TextKey, text } from '../../src/locales/index.js';
import { builtInIds, builtInName, builtIns, findBuiltIn, isNone } from '../../src/presets/built-in.js';
import { type GuildStyles, withBuiltIn, without, withUsual } from '../../src/presets/guild-styles.js';
import { nameKey, type Preset } from '../../src/presets/preset.js';
import type { Style } from '../../src/presets/style-book.js';
import { managersCommand, optionsOf, subcommand } from '../shared/option-builders.js';
import { noneRow, styleRows } from '../shared/style-autocomplete.js';
import { openHouseForm, openStyleForm } from './open-style-forms.js';
import { drawStyle } from './style-card.js';
import { requirePreset } from './style-forms.js';
import { listLines, shownName } from './style-lines.js';
import { exportStyles, importStyles } from './transfer.js';

type Needs = Uses<'styles' | 'guilds' | 'responder' | 'deferred' | 'moderation' | 'texts'>;
type Run = (interaction: ChatInputCommandInteraction, guildId: string, bot: Needs) => Promise<void>;

const all = 'all';

const parts: Readonly<Record<string, Run>> = {
  async list(interaction, guildId, bot) {
    const [styles, locale] = await Promise.all([bot.styles.ofGuild(guildId), bot.guilds.locale(interaction)]);
    await bot.responder.whisper(interaction, ...drawPages(listLines(styles, locale)));
  },
  async show(interaction, guildId, bot) {
    const [styles, locale] = await Promise.all([bot.styles.ofGuild(guildId), bot.guilds.locale(interaction)]);
    const asked = interaction.options.getString('style', true);
    const builtIn = findBuiltIn(asked);
    const own = named(styles, asked);
    const style: Style & Pick<Preset, 'example'> =
      !own && builtIn
        ? { ...builtIn, of: 'builtIn' }
        : { ...requirePreset(styles.presets, own, asked), of: 'server' };
    await bot.deferred.whisper(interaction, async () => ({
      card: await drawStyle(interaction, style, locale, bot),
    }));
  },
  add: (interaction, _guildId, bot) => openStyleForm(interaction, 'style', undefined, bot),
  async edit(interaction, guildId, bot) {
    await openStyleForm(interaction, 'style', await presetIn(interaction, guildId, bot), bot);
  },
  async remove(interaction, guildId, bot) {
    const { name, no } = await presetIn(interaction, guildId, bot);
    await bot.styles.changeGuild(guildId, interaction.user.id, { what: 'removed', name }, without(no));
    await say(interaction, 'style.done.removed', name, bot);
  },
  example: setExample,
  default: setDefault,
  async negative(interaction, guildId, bot) {
    await openHouseForm(interaction, (await bot.styles.ofGuild(guildId)).house, bot);
  },
  import: importStyles,
  export: exportStyles,
  built_in: switchBuiltIn,
};

/** `/presets`: a server's styles, for its managers. */
export const presets = {
  name: 'presets',

  data() {
    const { pick, words, channel, flag, file } = optionsOf('presets');
    const required = { required: true };
    const part = (name: string, ...options: NonNullable<Parameters<typeof subcommand>[2]>) =>
      subcommand('presets', name, options);
    return managersCommand('presets', [
      part('list'),
      part('show', pick('style', required)),
      part('add'),
      part('edit', pick('style', required)),
      part('remove', pick('style', required)),
      part('example', pick('style', required), words('link')),
      part('default', pick('style'), channel('channel')),
      part('negative'),
      part('import', file('file', true), flag('replace')),
      part('export'),
      part('built_in', pick('style', required), flag('on', true)),
    ]);
  },

  async run(interaction, bot: Needs) {
    const guildId = requireManager(interaction);
    await parts[interaction.options.getSubcommand()]?.(interaction, guildId, bot);
  },

  async complete(interaction, bot: Uses<'styles' | 'guilds'>) {
    // Others see no names here that aren't offered to them.
    if (!isManager(interaction)) return [];
    const guildId = requireManager(interaction);
    const [styles, locale] = await Promise.all([bot.styles.ofGuild(guildId), bot.guilds.locale(interaction)]);
    return rowsFor(interaction, styles, locale);
  },
} satisfies Command<Bot>;

function rowsFor({ options }: AutocompleteInteraction, styles: GuildStyles, locale: Locale): Choice[] {
  const typed = options.getFocused();
  const part = options.getSubcommand();
  const own = styles.presets.map((preset): Style => ({ ...preset, of: 'server' }));
  const builtIn = builtIns.map((one): Style => ({ ...one, of: 'builtIn' }));
  if (part === 'built_in')
    return [{ name: text(locale, 'style.all'), value: all }, ...styleRows(builtIn, typed, locale, 24)];
  if (part === 'show') return styleRows([...own, ...builtIn], typed, locale);
  if (part !== 'default') return styleRows(own, typed, locale);
  const on = builtIn.filter(({ name }) => styles.builtIn.includes(name));
  return [...styleRows([...own, ...on], typed, locale, 24), ...noneRow(typed, locale)];
}

function named({ presets: own }: GuildStyles, asked: string): Preset | undefined {
  return own.find(({ name }) => nameKey(name) === nameKey(asked));
}

/** The style that was picked. @throws UserError if there is none of that name. */
async function presetIn(
  { options }: ChatInputCommandInteraction,
  guildId: string,
  bot: Uses<'styles'>,
): Promise<Preset> {
  const styles = await bot.styles.ofGuild(guildId);
  const asked = options.getString('style', true);
  return requirePreset(styles.presets, named(styles, asked), asked);
}

/** A link to a message (Discord: Copy Message Link). */
const messageLink =
  /^<?https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(\d{17,20})\/(\d{17,20})\/(\d{17,20})\/?>?$/;

async function setExample(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  bot: Needs,
): Promise<void> {
  const { name, no } = await presetIn(interaction, guildId, bot);
  const link = interaction.options.getString('link');
  const example = link === null ? undefined : await exampleAt(interaction, link, guildId, bot);
  await bot.styles.changeGuild(guildId, interaction.user.id, { what: 'example', name }, (styles) => {
    if (!styles.presets.some((one) => one.no === no)) throw new UserError({ key: 'style.gone' });
    const next = ({ example: _before, ...preset }: Preset) => ({ ...preset, ...(example && { example }) });
    return { ...styles, presets: styles.presets.map((one) => (one.no === no ? next(one) : one)) };
  });
  await say(interaction, example ? 'style.done.example' : 'style.done.noExample', name, bot);
}

/** @throws UserError unless it leads to a picture of this server that the manager sees. */
async function exampleAt(
  interaction: ChatInputCommandInteraction,
  link: string,
  guildId: string,
  bot: Uses<'styles'>,
): Promise<NonNullable<Preset['example']>> {
  const [, guild, channelId, messageId] = messageLink.exec(link.trim()) ?? [];
  if (channelId === undefined || messageId === undefined) throw new UserError({ key: 'style.example.link' });
  const example = { channelId, messageId };
  const isSeen = guild === guildId && (await sightOf(interaction)(channelId));
  if (!isSeen || (await bot.styles.pictureAt(example)) === undefined)
    throw new UserError({ key: 'style.example.none' });
  return example;
}

async function setDefault(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  bot: Needs,
): Promise<void> {
  const { options, user } = interaction;
  const asked = options.getString('style') ?? undefined;
  const channel = options.getChannel('channel')?.id;
  const styles = await bot.styles.ofGuild(guildId);
  const name = asked === undefined ? undefined : isNone(asked) ? null : chosenDefault(styles, asked);
  await bot.styles.changeGuild(
    guildId,
    user.id,
    { what: 'default', ...(name && { name }) },
    withUsual(name, channel),
  );
  const locale = await bot.guilds.locale(interaction);
  const style = name ? escapeWords(shownName(name, styles, locale)) : text(locale, 'style.none');
  const said =
    channel === undefined
      ? text(locale, 'style.done.default', { style })
      : text(locale, 'style.done.defaultIn', { style, channel: `<#${channel}>` });
  await bot.responder.whisper(interaction, drawLines([said]));
}

/** The name under which a style is kept as a default. @throws UserError if there is none, or it is off. */
function chosenDefault(styles: GuildStyles, asked: string): string {
  const own = named(styles, asked);
  if (own) return own.name;
  const builtIn = findBuiltIn(asked);
  if (!builtIn) return requirePreset(styles.presets, undefined, asked).name;
  if (styles.builtIn.includes(builtIn.name)) return builtIn.name;
  throw new UserError({ key: 'style.default.builtInOff', params: { style: asked } });
}

async function switchBuiltIn(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  bot: Needs,
): Promise<void> {
  const { options, user } = interaction;
  const asked = options.getString('style', true);
  const on = options.getBoolean('on', true);
  const locale = await bot.guilds.locale(interaction);
  const isAll = nameKey(asked) === all || nameKey(asked) === nameKey(text(locale, 'style.all'));
  const one = isAll ? undefined : findBuiltIn(asked);
  if (!isAll && !one) {
    const styles = builtInIds.map((id) => builtInName(id, locale));
    throw new UserError({ key: 'style.unknown', params: { asked, styles } });
  }
  const ids: readonly string[] = one ? [one.name] : builtInIds;
  await bot.styles.changeGuild(guildId, user.id, { what: 'builtIn', name: one?.name ?? all }, (styles) => {
    const others = styles.builtIn.filter((id) => !ids.includes(id));
    return withBuiltIn(on ? [...others, ...ids] : others)(styles);
  });
  const name = one ? builtInName(one.name, locale) : '';
  const key = one ? (on ? 'style.done.on' : 'style.done.off') : on ? 'style.done.allOn' : 'style.done.allOff';
  await bot.responder.whisper(interaction, drawLines([text(locale, key, one ? { style: name } : {})]));
}

async function say(
  interaction: ChatInputCommandInteraction,
  key: TextKey,
  name: string,
  bot: Uses<'guilds' | 'responder'>,
): Promise<void> {
  const said = text(await bot.guilds.locale(interaction), key, { style: escapeWords(name) });
  await bot.responder.whisper(interaction, drawLines([said]));
}
