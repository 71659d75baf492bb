import { type Guild, MessageFlags, PermissionFlagsBits, type RawFile, Routes } from 'discord.js';
import type { Settings } from '../../../guilds/settings.js';
import type { Log } from '../../../log.js';
import { isFenced, type Table } from '../../../store/store.js';
import { type Access, whyClosed } from '../../../tasks/model/operator-access.js';
import { type NextAttempt, retry } from '../../../util/retry.js';
import { hour } from '../../../util/time.js';
import { publicLocale } from '../../access/languages.js';
import { mayWrite } from '../../access/request-origin.js';
import type { NamedGuilds } from '../../gateway/guild-tracker.js';
import type { Rests } from '../../rest/clients.js';
import type { PanelCard } from '../../views/message.js';
import { drawGreeting, type GreetingView } from './greeting-card.js';

/**
 * One message to each server that adds Easel for the first time. That it was greeted is persisted before the message is
 * sent and stays after Easel is removed: a crash in between leaves a server without a greeting, never with two.
 */
export interface Greetings {
  /** Greets a guild that the bot has just joined, unless it was there before. Never rejects. */
  joined(guild: Guild): Promise<void>;
  /** Counts guilds that Discord names when the connection begins as greeted: the bot joined them earlier. Never rejects. */
  named(guilds: Pick<NamedGuilds, 'ids'>): Promise<void>;
}

interface Deps {
  /** Its own table: a row for each guild that is greeted never again, by its id. */
  readonly table: Table<unknown>;
  readonly settings: Pick<Settings, 'lastKnown'>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly access: Access;
  readonly view: Omit<GreetingView, 'locale'>;
  /** Waits until commands can be named so that they are clickable. */
  readonly known: () => Promise<void>;
  /** The picture that is attached; undefined if it can't be read. */
  readonly picture: () => Promise<Buffer | undefined>;
  /** Aborts when Easel stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly now: () => number;
  /** First delay while the store fails, ms; doubles. */
  readonly retryMs?: number;
}

const tries = 10;
/** Rows read or written together. */
const batch = 100;

/** What is persisted of a guild. Only whether there is a row is ever read. */
interface GreetedRow {
  readonly v: 1;
  /** ms since the epoch. */
  readonly at: number;
}

export function createGreetings(deps: Deps): Greetings {
  const { table, access, signal, log, now, retryMs = 1_000 } = deps;
  /** The guilds named at the start are recorded by then; a guild that leaves and returns meanwhile waits for that. */
  let recorded: Promise<unknown> = Promise.resolve();
  const row = (): GreetedRow => ({ v: 1, at: now() });

  async function record(ids: readonly string[]): Promise<void> {
    for (let at = 0; at < ids.length && !signal.aborted; at += batch) {
      const some = ids.slice(at, at + batch);
      const known = await table.getMany(some);
      // Any row counts, also one of a later version: rather no greeting than two.
      await Promise.all(some.filter((id) => !known.has(id)).map((id) => table.add(id, row())));
    }
  }

  return {
    async named({ ids }) {
      const onFailure = (error: unknown, { left }: NextAttempt) => {
        if (isFenced(error)) throw error;
        log.warn({ err: error, left }, 'the servers that Easel is in could not be recorded as greeted');
      };
      const pace = { firstMs: retryMs, maxMs: hour, ref: false, tries };
      recorded = retry(() => record(ids), { ...pace, signal, onFailure }).catch(() => {});
      await recorded;
    },
    async joined(guild) {
      try {
        await recorded;
        const isFirst = await table.add(guild.id, row());
        if (!isFirst || signal.aborted || whyClosed(access, { guildId: guild.id, installed: true })) return;
        await greet(guild, deps);
      } catch (error) {
        if (!isFenced(error)) log.warn({ guild: guild.id, err: error }, 'a server could not be greeted');
      }
    },
  };
}

/** Posts the greeting if the guild has a system channel in which Easel may write. @throws DiscordAPIError */
async function greet(guild: Guild, { settings, rests, view, known, picture, log }: Deps): Promise<void> {
  const { systemChannel: channel } = guild;
  const permissions = channel && guild.members.me && channel.permissionsFor(guild.members.me);
  if (!channel || !permissions || !mayWrite(permissions, { inThread: false, locked: false }))
    return log.info({ guild: guild.id }, 'a server has no system channel for a greeting');
  const locale = publicLocale(await settings.lastKnown(guild.id), { locale: guild.preferredLocale });
  const image = permissions.has(PermissionFlagsBits.AttachFiles) ? await picture() : undefined;
  await known();
  const card: PanelCard = drawGreeting({ ...view, locale });
  const body = {
    ...card,
    // It is news for no one in particular.
    flags: card.flags | MessageFlags.SuppressNotifications,
    nonce: `g${guild.id}`,
    enforce_nonce: true,
  };
  const files: RawFile[] = image ? [{ name: 'easel.png', contentType: 'image/png', data: image }] : [];
  await rests.bot.post(Routes.channelMessages(channel.id), { body, files });
  log.info({ guild: guild.id }, 'a server was greeted');
}
