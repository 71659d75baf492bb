import type { ChatInputCommandInteraction } from 'discord.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawPanel } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { added, type GuildStyles, renamedIn, replaced } from '../../src/presets/guild-styles.js';
import { nameKey, type PresetWords } from '../../src/presets/preset.js';
import { readStyles, writeStyles } from '../../src/presets/style-file.js';
import { requireAllowedWords } from './allowed-words.js';
import { checked } from './style-fields.js';

/** Largest file that is read, KB: 25 styles of the longest texts in any script have less. */
const mostKilobytes = 256;

/** `/presets export` */
export async function exportStyles(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  bot: Uses<'styles' | 'guilds' | 'deferred'>,
): Promise<void> {
  await bot.deferred.whisper(interaction, async () => {
    const [{ presets }, locale] = await Promise.all([
      bot.styles.ofGuild(guildId),
      bot.guilds.locale(interaction),
    ]);
    const card = drawPanel([text(locale, 'style.done.exported', { count: presets.length })]);
    const file = { name: 'easel-styles.json', contentType: 'application/json', text: writeStyles(presets) };
    return { card, file };
  });
}

/** `/presets import` */
export async function importStyles(
  interaction: ChatInputCommandInteraction,
  guildId: string,
  bot: Uses<'styles' | 'guilds' | 'deferred' | 'moderation' | 'texts'>,
): Promise<void> {
  const { options, user } = interaction;
  const { url, size } = options.getAttachment('file', true);
  const replaces = options.getBoolean('replace') ?? false;
  await bot.deferred.whisper(interaction, async () => {
    const coming = stylesIn(await contentOf(url, size, bot));
    await requireAllowedWords(guildId, coming, bot);
    await bot.styles.changeGuild(
      guildId,
      user.id,
      { what: 'imported', name: `${differing(coming)}` },
      (styles) => merged(replaces ? emptied(styles, coming) : styles, coming),
    );
    const locale = await bot.guilds.locale(interaction);
    return { card: drawPanel([text(locale, 'style.done.imported', { count: differing(coming) })]) };
  });
}

/** Of several with one name in the file the last stays. */
function differing(coming: readonly PresetWords[]): number {
  return new Set(coming.map(({ name }) => nameKey(name))).size;
}

async function contentOf(url: string, bytes: number, { texts }: Uses<'texts'>): Promise<string> {
  const tooLarge = new UserError({ key: 'style.import.large', params: { max: mostKilobytes } });
  if (bytes > mostKilobytes * 1024) throw tooLarge;
  const read = await texts.read(url, mostKilobytes * 1024);
  if (read === 'large') throw tooLarge;
  if (read === 'unreachable') throw new UserError({ key: 'style.import.unreachable' });
  return read.text;
}

/** @throws UserError naming the first style that can't be used. */
function stylesIn(content: string): readonly PresetWords[] {
  const read = readStyles(content);
  if (!read) throw new UserError({ key: 'style.import.file' });
  return read.map((style, at) => {
    try {
      if (!style) throw new UserError({ key: 'style.import.unreadable' });
      if (!style.image && !style.video) return checked({ ...style, image: {}, video: {} });
      return checked(style);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const which = { key: 'style.import.entry', params: { number: at + 1 } } as const;
      throw new UserError([which, ...error.sentences]);
    }
  });
}

/** Without the styles that are there now; a default that comes again stays. */
function emptied(styles: GuildStyles, coming: readonly PresetWords[]): GuildStyles {
  const names = new Set(coming.map(({ name }) => nameKey(name)));
  const gone = styles.presets.filter(({ name }) => !names.has(nameKey(name)));
  let left: GuildStyles = { ...styles, presets: styles.presets.filter((one) => !gone.includes(one)) };
  for (const { name } of gone) left = renamedIn(left, name, undefined);
  return left;
}

/** With these styles; one of a name that is there takes its place. @throws UserError if there is no room. */
function merged(styles: GuildStyles, coming: readonly PresetWords[]): GuildStyles {
  return coming.reduce<GuildStyles>((all, style) => {
    const same = all.presets.find(({ name }) => nameKey(name) === nameKey(style.name));
    return same ? renamedIn(replaced(all, same.no, style), same.name, style.name) : added(all, style);
  }, styles);
}
