import type { MessageComponentInteraction } from 'discord.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { Panel } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { UserError } from '../../src/errors.js';
import { type GuildSettings, mostResultsEver } from '../../src/guilds/settings.js';
import { locales } from '../../src/locales/index.js';
import type { GuildStyles } from '../../src/presets/guild-styles.js';
import { openWords } from '../moderate/words.js';
import {
  contentPlace,
  mostResults,
  provenance,
  switchedOff,
  timeZone,
  usualDuration,
  usualModel,
} from './changes.js';
import { contentControls } from './content-page.js';
import { ruleControls } from './moderation-page.js';
import { drawSettings, pagesOf, type Section, sections, usual } from './panel-view.js';
import { reviewControls } from './review-page.js';
import { showcaseControls } from './showcase-page.js';
import { stylesControls } from './styles-page.js';
import { type SettingsContext, seenBy } from './view-model.js';

type Change = (settings: GuildSettings) => GuildSettings;

/** A control, the change it makes with the chosen values, and its section. */
interface Control {
  readonly section: Section;
  /** @throws UserError if the values can't be used there. */
  check?(interaction: MessageComponentInteraction, values: readonly string[]): void;
  change(bot: SettingsContext, values: readonly string[], page: number): Change;
}

const value = ([first = '']: readonly string[]) => (first === usual ? undefined : first);

const controls: Readonly<Record<string, Control>> = {
  image_model: { section: 'usual', change: (bot, values) => usualModel('image', value(values), bot) },
  video_model: { section: 'usual', change: (bot, values) => usualModel('video', value(values), bot) },
  duration: {
    section: 'usual',
    change: (bot, values) => usualDuration(value(values) === undefined ? undefined : Number(values[0]), bot),
  },
  private_on: { section: 'usual', change: () => (settings) => ({ ...settings, private: true }) },
  private_off: { section: 'usual', change: () => (settings) => ({ ...settings, private: false }) },
  channels: {
    section: 'access',
    change: (_, values) => (settings) => ({ ...settings, channels: [...values] }),
  },
  roles: { section: 'access', change: (_, values) => (settings) => ({ ...settings, roles: [...values] }) },
  provenance: { section: 'files', change: (_, [level]) => provenance(level) },
  spoiler_on: { section: 'files', change: () => (settings) => ({ ...settings, spoiler: true }) },
  spoiler_off: { section: 'files', change: () => (settings) => ({ ...settings, spoiler: false }) },
  most_results: {
    section: 'access',
    change: (_, [most]) => mostResults(mostIn(most)),
  },
  delete_on: { section: 'access', change: () => (settings) => ({ ...settings, membersMayDelete: true }) },
  delete_off: { section: 'access', change: () => (settings) => ({ ...settings, membersMayDelete: false }) },
  content_image_anywhere: { section: 'access', change: () => contentPlace('image', 'anywhere') },
  content_image_restricted: { section: 'access', change: () => contentPlace('image', 'age-restricted') },
  content_video_anywhere: { section: 'access', change: () => contentPlace('video', 'anywhere') },
  content_video_restricted: { section: 'access', change: () => contentPlace('video', 'age-restricted') },
  ...reviewControls,
  ...contentControls,
  ...showcaseControls,
  off_image: { section: 'models', change: offOn('image') },
  off_video: { section: 'models', change: offOn('video') },
  language: {
    section: 'language',
    change: (_, [language]) => {
      const known = locales.find((locale) => locale === language) ?? 'follow';
      return (settings) => ({ ...settings, language: known });
    },
  },
  zone: {
    section: 'language',
    change: (bot, [zone = '']) => timeZone(zone, bot.config.quota.timeZone, bot.now()),
  },
};

/** @throws UserError for a value that the select doesn't have. */
function mostIn(value: string | undefined): number {
  const most = Number(value);
  if (Number.isInteger(most) && most >= 1 && most <= mostResultsEver) return most;
  throw new UserError({ key: 'error.button.unknown' });
}

function offOn(kind: 'image' | 'video'): Control['change'] {
  return (bot, values, page) => {
    const among = pagesOf(kind, { offer: bot })[page] ?? [];
    return switchedOff(
      kind,
      among,
      among.filter((id) => values.includes(id)),
      bot,
    );
  };
}

type Needs = SettingsContext &
  Uses<'guilds' | 'mentions' | 'moderation' | 'styles' | 'reviews' | 'responder'>;

/** The selects and buttons beneath the settings. */
export const settingsPanel = {
  id: 'set',

  async use(interaction, control, bot: Needs) {
    const guildId = requireManager(interaction);
    const values = interaction.isAnySelectMenu() ? interaction.values : [];
    const section = sections.find((one) => control === 'section' && one === values[0]);
    if (section === 'styles') return showStyles(interaction, bot, guildId, await bot.styles.ofGuild(guildId));
    if (section) return show(interaction, bot, section, await bot.guilds.get(guildId));
    const [name = '', page = '0'] = control.split(':');
    const ofStyles = Object.hasOwn(stylesControls, name) ? stylesControls[name] : undefined;
    if (ofStyles) {
      const styles = await ofStyles(interaction, { guildId, values }, bot);
      return styles && showStyles(interaction, bot, guildId, styles);
    }
    if (name === 'words') return openWords(interaction, bot);
    if (Object.hasOwn(ruleControls, name)) return changeRules(interaction, bot, name, values);
    const used = Object.hasOwn(controls, name) ? controls[name] : undefined;
    if (!used) throw new UserError({ key: 'error.button.unknown' });
    used.check?.(interaction, values);
    const change = used.change(bot, values, Number(page));
    const settings = await bot.guilds.change(guildId, interaction.user.id, change);
    if (name === 'review_channel') bot.reviews.channelSet(guildId);
    await show(interaction, bot, used.section, settings);
  },
} satisfies Panel<Bot>;

async function showStyles(
  interaction: MessageComponentInteraction,
  bot: SettingsContext & Uses<'guilds' | 'responder'>,
  guildId: string,
  styles: GuildStyles,
): Promise<void> {
  const seen = { ...(await seenBy(interaction, bot, await bot.guilds.get(guildId))), styles };
  await bot.responder.update(interaction, drawSettings(seen, 'styles'));
}

/** Controls of the page with moderators' rules. */
async function changeRules(
  interaction: MessageComponentInteraction,
  bot: Needs,
  name: string,
  values: readonly string[],
): Promise<void> {
  const guildId = requireManager(interaction);
  const control = ruleControls[name];
  if (!control) throw new UserError({ key: 'error.button.unknown' });
  control.check?.(interaction, values);
  const entry = { act: 'settings' as const, by: interaction.user.id, details: { fields: [control.field] } };
  await bot.moderation.rules.change(guildId, entry, (rules) => control.change(rules, values));
  await show(interaction, bot, 'moderation', await bot.guilds.get(guildId));
}

async function show(
  interaction: MessageComponentInteraction,
  bot: SettingsContext & Uses<'guilds' | 'mentions' | 'moderation' | 'responder'>,
  section: Section,
  settings: GuildSettings,
): Promise<void> {
  const seen = { ...(await seenBy(interaction, bot, settings)), mention: bot.mentions.of };
  const guildId = section === 'moderation' ? requireManager(interaction) : undefined;
  const moderation = guildId === undefined ? undefined : await bot.moderation.rules.get(guildId);
  await bot.responder.update(interaction, drawSettings(moderation ? { ...seen, moderation } : seen, section));
}
