import type { AutocompleteInteraction, ChatInputCommandInteraction } from 'discord.js';
import type { offerIn } from '../../src/discord/access/guild-catalogue.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { Choice, Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { type GuildSettings, mostResultsEver, mostThreshold } from '../../src/guilds/settings.js';
import { type Locale, locales, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';
import { timeZones } from '../../src/quota/period.js';
import { lowerCased } from '../../src/util/lower-case.js';
import { completeModel } from '../shared/autocomplete.js';
import { managersCommand, optionsOf, subcommand } from '../shared/option-builders.js';
import {
  contentPlace,
  listed,
  mostResults,
  provenance,
  provenances,
  switchedModel,
  timeZone,
  usualDuration,
  usualModel,
} from './changes.js';
import { commonZones, drawSettings, type Section } from './panel-view.js';
import { requireShowcase, showcaseIn } from './showcase-page.js';
import { kindsOf } from './summary.js';
import { type SettingsContext, seenBy } from './view-model.js';

type Change = (settings: GuildSettings) => GuildSettings;

type Needs = SettingsContext & Uses<'guilds' | 'responder'>;

/** A subcommand: what it changes, and the panel section that shows it. */
interface Part {
  readonly section: Section;
  change(interaction: ChatInputCommandInteraction, bot: SettingsContext): Change;
}

const parts: Readonly<Record<string, Part>> = {
  model: {
    section: 'usual',
    change: ({ options }, bot) =>
      usualModel(kindOf(options.getString('kind', true)), options.getString('model') ?? undefined, bot),
  },
  duration: {
    section: 'usual',
    change: ({ options }, bot) => usualDuration(options.getInteger('duration') ?? undefined, bot),
  },
  private: {
    section: 'usual',
    change: ({ options }) => {
      const isPrivate = options.getBoolean('on', true);
      return (settings) => ({ ...settings, private: isPrivate });
    },
  },
  channels: {
    section: 'access',
    change: ({ options }) =>
      listed('channels', options.getString('action', true), options.getChannel('channel')?.id),
  },
  roles: {
    section: 'access',
    change: ({ options }) => listed('roles', options.getString('action', true), options.getRole('role')?.id),
  },
  models_off: {
    section: 'models',
    change: ({ options }, bot) => {
      const kind = kindOf(options.getString('kind', true));
      const isOn = options.getString('action', true) === 'on';
      return switchedModel(kind, options.getString('model', true), isOn, bot);
    },
  },
  language: {
    section: 'language',
    change: ({ options }) => {
      const wanted = options.getString('language', true);
      const language = locales.find((locale) => locale === wanted) ?? 'follow';
      return (settings) => ({ ...settings, language });
    },
  },
  time_zone: {
    section: 'language',
    change: ({ options }, { config, now }) =>
      timeZone(options.getString('name', true), config.quota.timeZone, now()),
  },
  provenance: {
    section: 'files',
    change: ({ options }) => provenance(options.getString('level', true)),
  },
  spoiler: {
    section: 'files',
    change: ({ options }) => {
      const spoiler = options.getBoolean('on', true);
      return (settings) => ({ ...settings, spoiler });
    },
  },
  showcase: {
    section: 'showcase',
    change(interaction) {
      const { options } = interaction;
      const channelId = options.getChannel('channel')?.id;
      requireShowcase(interaction, channelId);
      return showcaseIn(channelId, options.getInteger('stars') ?? undefined);
    },
  },
  most_results: {
    section: 'access',
    change: ({ options }) => mostResults(options.getInteger('most', true)),
  },
  delete: {
    section: 'access',
    change: ({ options }) => {
      const membersMayDelete = options.getBoolean('on', true);
      return (settings) => ({ ...settings, membersMayDelete });
    },
  },
  content: {
    section: 'access',
    change: ({ options }) => {
      const place = options.getString('place', true) === 'anywhere' ? 'anywhere' : 'age-restricted';
      return contentPlace(kindOf(options.getString('kind', true)), place);
    },
  },
};

function kindOf(value: string): Kind {
  return value === 'video' ? 'video' : 'image';
}

/** `/settings`: shown and changed in one message, or by subcommand. */
export const settings = {
  name: 'settings',

  data(offer) {
    const { pick, seconds, count, oneOf, language, flag, channel, anyChannel, role } = optionsOf('settings');
    const required = { required: true };
    const switched = { ...required, says: 'settings.which_model' } as const;
    const kind = oneOf('kind', 'kind', kindsOf(offer), required);
    const part = (name: string, ...options: NonNullable<Parameters<typeof subcommand>[2]>) =>
      subcommand('settings', name, options);
    return managersCommand('settings', [
      part('show'),
      part('model', kind, pick('model')),
      part('duration', seconds('duration')),
      part('private', flag('on', true)),
      part('channels', oneOf('action', 'action', ['add', 'remove', 'clear'], required), channel('channel')),
      part('roles', oneOf('action', 'action', ['add', 'remove', 'clear'], required), role('role')),
      part('models_off', oneOf('action', 'action', ['off', 'on'], required), kind, pick('model', switched)),
      part('language', language('language', 'language.follow')),
      part('time_zone', pick('name', required)),
      part('most_results', count('most', [1, mostResultsEver])),
      part('delete', flag('on', true)),
      part('provenance', oneOf('level', 'provenance', ['usual', ...provenances], required)),
      part('spoiler', flag('on', true)),
      part('showcase', anyChannel('channel'), count('stars', [1, mostThreshold], false)),
      part('content', kind, oneOf('place', 'place', ['anywhere', 'age-restricted'], required)),
    ]);
  },

  async run(interaction, bot: Needs) {
    const guildId = requireManager(interaction);
    const part = parts[interaction.options.getSubcommand()];
    const found = part
      ? await bot.guilds.change(guildId, interaction.user.id, part.change(interaction, bot))
      : await bot.guilds.get(guildId);
    const seen = await seenBy(interaction, bot, found);
    const first = part ? [text(seen.locale, 'rules.changed')] : [];
    await bot.responder.whisper(interaction, drawSettings(seen, part?.section ?? 'usual', first));
  },

  async complete(interaction, bot: Uses<'guilds' | 'catalogue'>) {
    const { name, value } = interaction.options.getFocused(true);
    const typed = lowerCased(value.trim());
    if (name === 'name') return zonesLike(typed);
    const offer = await bot.guilds.offer(interaction);
    if (name === 'duration') return durationsIn(offer, await bot.guilds.locale(interaction), typed);
    return modelsFor(interaction, bot, typed);
  },
} satisfies Command<Bot>;

/** Time zones that match the input (spaces match underscores); the common ones before anything is typed. */
function zonesLike(typed: string): Choice[] {
  const wanted = typed.replace(/\s+/g, '_');
  const zones = wanted === '' ? commonZones : timeZones.filter((zone) => lowerCased(zone).includes(wanted));
  return zones.map((zone) => ({ name: zone, value: zone }));
}

function durationsIn(
  { catalogue, config }: ReturnType<typeof offerIn>,
  locale: Locale,
  typed: string,
): Choice[] {
  const durations = catalogue.find('video', config.video.model)?.durations ?? [];
  return durations
    .filter((seconds) => String(seconds).startsWith(typed))
    .map((seconds) => ({ name: text(locale, 'card.seconds', { seconds }), value: seconds }));
}

/** For a default only enabled models; for switching, all of them. */
async function modelsFor(
  interaction: AutocompleteInteraction,
  bot: Uses<'guilds' | 'catalogue'>,
  typed: string,
): Promise<Choice[]> {
  const [offer, locale] = await Promise.all([bot.guilds.offer(interaction), bot.guilds.locale(interaction)]);
  const all = interaction.options.getSubcommand() === 'models_off';
  const kind = kindOf(interaction.options.getString('kind') ?? '');
  const { catalogue } = all ? bot : offer;
  return completeModel(catalogue.list(kind), typed, locale, catalogue);
}
