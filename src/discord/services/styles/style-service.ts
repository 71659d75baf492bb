import { type APIMessage, Routes } from 'discord.js';
import type { Log } from '../../../log.js';
import type { Journal } from '../../../moderation/journal.js';
import type { GuildStyles, StylesTable } from '../../../presets/guild-styles.js';
import { languageOf, type Preferences, type PreferencesTable } from '../../../presets/preferences.js';
import { createStyleBook, type StyleBook } from '../../../presets/style-book.js';
import { circumstancesOf } from '../../access/guild-policy.js';
import { type AnswerableInteraction, guildOf } from '../../access/request-origin.js';
import type { Mention } from '../../input/mention.js';
import { picturesOf } from '../../input/message-images.js';
import type { Rests } from '../../rest/clients.js';
import { codeOf } from '../../rest/errors.js';

/** What a manager did to a server's styles, for the moderators' journal. */
export interface StyleAct {
  readonly what: 'added' | 'changed' | 'removed' | 'example' | 'default' | 'house' | 'imported' | 'builtIn';
  /** The style, or what is excluded. */
  readonly name?: string;
}

type Asking = AnswerableInteraction | Mention;

/** Styles of servers and users, and users' own defaults. All throw StoreError while the store can't be read or written. */
export interface StyleService {
  /** The styles for this user in this place. */
  book(asking: Asking): Promise<StyleBook>;
  /** What no result may show where this is asked; undefined: nothing is excluded. */
  house(asking: Asking): Promise<string | undefined>;
  ofGuild(guildId: string): Promise<GuildStyles>;
  /**
   * Changes a server's styles, and puts that on record for its moderators.
   * @param by Id of the manager; the caller checks their permission.
   * @throws UserError what `change` throws.
   */
  changeGuild(
    guildId: string,
    by: string,
    act: StyleAct,
    change: (styles: GuildStyles) => GuildStyles,
  ): Promise<GuildStyles>;
  /** A fresh link to the picture in a message; undefined if there is none any more. Never throws. */
  pictureAt(message: { readonly channelId: string; readonly messageId: string }): Promise<string | undefined>;
  /**
   * The language that a user has chosen, a tag; undefined if none. As last read while the store fails, for what must not
   * fail or wait with it. Never throws.
   */
  languageOf(userId: string): Promise<string | undefined>;
  ofUser(userId: string): Promise<Preferences>;
  changeUser(userId: string, change: (preferences: Preferences) => Preferences): Promise<Preferences>;
}

interface Deps {
  readonly guilds: StylesTable;
  readonly users: PreferencesTable;
  readonly journal: Pick<Journal, 'noteWith'>;
  readonly rests: Pick<Rests, 'bot'>;
  /** The host of Discord's stickers. */
  readonly cdn: string;
  readonly log: Log;
  readonly now: () => number;
}

/** ms after a failed read in which the store is not asked again: Discord waits three seconds for an answer. */
const restMs = 5_000;
/** Languages remembered at most; the longest unused are forgotten. */
const mostKnown = 5_000;

/** The language a user has chosen, from the store, or as last read. */
function createLanguages({ users, log, now }: Pick<Deps, 'users' | 'log' | 'now'>) {
  const known = new Map<string, string | undefined>();
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (userId: string): Promise<string | undefined> => {
    if (now() - failedAt < restMs) return known.get(userId);
    try {
      const language = languageOf(await users.get(userId));
      known.delete(userId);
      known.set(userId, language);
      const [oldest] = known.keys();
      if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
      return language;
    } catch (error) {
      failedAt = now();
      log.warn({ err: error }, 'a language could not be read; using the last known one');
      return known.get(userId);
    }
  };
}

export function createStyleService(deps: Deps): StyleService {
  const { guilds, users, journal, rests, cdn, log, now } = deps;
  const stylesAt = async (asking: Asking) => {
    const { guildId } = whereOf(asking);
    return guildId === undefined ? undefined : guilds.get(guildId);
  };

  return {
    async book(asking) {
      const { userId, channels } = whereOf(asking);
      const [own, guild] = await Promise.all([users.get(userId), stylesAt(asking)]);
      return createStyleBook({ own, guild, channels });
    },
    house: async (asking) => (await stylesAt(asking))?.house,
    ofGuild: guilds.get,
    async changeGuild(guildId, by, { what, name }, change) {
      const details = { fields: [`presets.${what}`], ...(name !== undefined && { entry: name }) };
      const entry = { guildId, act: 'presets', at: now(), by, details } as const;
      const styles = await guilds.change(guildId, change, (changes) => journal.noteWith(entry, changes));
      log.info({ guild: guildId, by, what }, "a server's styles changed");
      return styles;
    },
    async pictureAt({ channelId, messageId }) {
      try {
        const message = (await rests.bot.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
        return picturesOf(message, cdn)[0]?.url;
      } catch (error) {
        log.info({ channelId, messageId, code: codeOf(error), err: error }, 'an example could not be found');
        return undefined;
      }
    },
    languageOf: createLanguages(deps),
    ofUser: users.get,
    changeUser: users.change,
  };
}

function whereOf(asking: Asking) {
  if ('words' in asking) {
    const { guildId, userId } = asking.origin;
    return { guildId, userId, channels: asking.circumstances.channels };
  }
  return {
    guildId: guildOf(asking),
    userId: asking.user.id,
    channels: circumstancesOf(asking).channels,
  };
}
