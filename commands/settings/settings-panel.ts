import type { MessageComponentInteraction } from 'discord.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { Easel, Panel } from '../../src/discord/interactions/command.js';
import { UserError } from '../../src/errors.js';
import type { GuildSettings } from '../../src/guilds/settings.js';
import { locales } from '../../src/locales/index.js';
import { contentPlace, provenance, switchedOff, timeZone, usualDuration, usualModel } from './changes.js';
import { drawSettings, pagesOf, type Section, sections, usual } from './panel-view.js';
import { seenBy } from './view-model.js';

type Change = (settings: GuildSettings) => GuildSettings;

/** A control, what it does with the values that were chosen, and the section it is in. */
interface Control {
  readonly section: Section;
  change(easel: Easel, values: readonly string[], page: number): Change;
}

const value = ([first = '']: readonly string[]) => (first === usual ? undefined : first);

const controls: Readonly<Record<string, Control>> = {
  image_model: { section: 'usual', change: (easel, values) => usualModel('image', value(values), easel) },
  video_model: { section: 'usual', change: (easel, values) => usualModel('video', value(values), easel) },
  duration: {
    section: 'usual',
    change: (easel, values) =>
      usualDuration(value(values) === undefined ? undefined : Number(values[0]), easel),
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
  delete_on: { section: 'access', change: () => (settings) => ({ ...settings, membersMayDelete: true }) },
  delete_off: { section: 'access', change: () => (settings) => ({ ...settings, membersMayDelete: false }) },
  content_image_anywhere: { section: 'access', change: () => contentPlace('image', 'anywhere') },
  content_image_restricted: { section: 'access', change: () => contentPlace('image', 'age-restricted') },
  content_video_anywhere: { section: 'access', change: () => contentPlace('video', 'anywhere') },
  content_video_restricted: { section: 'access', change: () => contentPlace('video', 'age-restricted') },
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
    change: (easel, [zone = '']) => timeZone(zone, easel.config.quota.timeZone, easel.now()),
  },
};

function offOn(kind: 'image' | 'video'): Control['change'] {
  return (easel, values, page) => {
    const among = pagesOf(kind, { offer: easel })[page] ?? [];
    return switchedOff(
      kind,
      among,
      among.filter((id) => values.includes(id)),
      easel,
    );
  };
}

/** The selects and buttons beneath the settings. */
export const settingsPanel = {
  desk: 'set',

  async use(interaction, control, easel) {
    const guildId = requireManager(interaction);
    const values = interaction.isAnySelectMenu() ? interaction.values : [];
    const section = sections.find((one) => control === 'section' && one === values[0]);
    if (section) return show(interaction, easel, section, await easel.settings.get(guildId));
    const [name = '', page = '0'] = control.split(':');
    const used = Object.hasOwn(controls, name) ? controls[name] : undefined;
    if (!used) throw new UserError({ key: 'error.button.unknown' });
    const change = used.change(easel, values, Number(page));
    const settings = await easel.settings.change(guildId, interaction.user.id, change);
    await show(interaction, easel, used.section, settings);
  },
} satisfies Panel;

async function show(
  interaction: MessageComponentInteraction,
  easel: Easel,
  section: Section,
  settings: GuildSettings,
): Promise<void> {
  await easel.update(interaction, drawSettings(seenBy(interaction, easel, settings), section));
}
