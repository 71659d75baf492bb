import type { Guild } from 'discord.js';
import { defaultSettings, type GuildSettings, type Settings } from '../../guilds/settings.js';
import type { Locale } from '../../locales/index.js';
import { type Offer, offerIn } from '../access/guild-catalogue.js';
import { privateLocale } from '../access/languages.js';
import { type AnswerableInteraction, guildOf } from '../access/request-origin.js';
import type { Mention } from '../input/mention.js';
import type { DeletedTargets } from './deleted-targets.js';
import type { StyleService } from './styles/style-service.js';

/** A user's request: an interaction, or a message that mentions Easel. */
export type Asking = AnswerableInteraction | Mention;

export function isMention(asking: Asking): asking is Mention {
  return 'words' in asking;
}

/** What a guild has set, and what follows from it for those who ask there. */
export interface GuildService {
  /**
   * The guild's settings, or the defaults if none apply (direct messages, a bot that only the user installed). From
   * memory once read.
   * @throws StoreError while the store cannot be read.
   */
  rules(asking: Asking): Promise<GuildSettings>;
  /** What can be ordered there, with the defaults that apply. From memory once read. @throws StoreError */
  offer(asking: Asking): Promise<Offer>;
  /** The language of an answer that only the user who asks sees. Never throws. */
  locale(asking: Asking): Promise<Locale>;
  /** Settings as they are stored. @throws StoreError */
  readonly get: Settings['get'];
  /** Changes them; see `Settings.change`. @throws StoreError */
  readonly change: Settings['change'];
}

interface Deps {
  readonly settings: Pick<Settings, 'get' | 'change' | 'lastKnown'>;
  readonly deletedTargets: Pick<DeletedTargets, 'leaveOut'>;
  readonly styles: Pick<StyleService, 'book'>;
  /** The operator's. */
  readonly offer: Offer;
  /** The language that a user has chosen, if any. Never throws. */
  readonly chosenLanguage: ChosenLanguage;
}

/** The language that a user has chosen for Easel, a tag; undefined if none, or if the store cannot be read. */
export type ChosenLanguage = (userId: string) => Promise<string | undefined>;

export function createGuildService({
  settings,
  deletedTargets,
  styles,
  offer,
  chosenLanguage,
}: Deps): GuildService {
  async function rules(asking: Asking): Promise<GuildSettings> {
    const { guildId, guild } = placeOf(asking);
    return guildId === undefined
      ? defaultSettings
      : deletedTargets.leaveOut(guild, await settings.get(guildId));
  }

  return {
    rules,
    async offer(asking) {
      const [here, book] = await Promise.all([rules(asking), styles.book(asking)]);
      return { ...offerIn(offer, here), styles: book };
    },
    async locale(asking) {
      const { guildId, locale } = placeOf(asking);
      const here = guildId === undefined ? defaultSettings : await settings.lastKnown(guildId);
      return privateLocale(here, { locale, chosen: await chosenLanguage(userOf(asking)) });
    },
    get: settings.get,
    change: settings.change,
  };
}

function userOf(asking: Asking): string {
  return isMention(asking) ? asking.origin.userId : asking.user.id;
}

interface Place {
  /** Undefined if no guild's settings apply. */
  readonly guildId: string | undefined;
  readonly guild: Guild | null | undefined;
  /** The user's language, as Discord or their words have it. */
  readonly locale: string;
}

function placeOf(asking: Asking): Place {
  if (!isMention(asking)) return { guildId: guildOf(asking), guild: asking.guild, locale: asking.locale };
  const { guildId, locale } = asking.origin;
  return { guildId, guild: asking.guild, locale };
}
