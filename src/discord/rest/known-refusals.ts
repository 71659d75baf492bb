import { minute } from '../../util/time.js';
/** A request as seen by the refusal cache. */
export interface Asked {
  readonly method: string;
  /** Below the API's version: `/channels/123/messages`. */
  readonly path: string;
  /** It carries files. */
  readonly files: boolean;
  /** It is sent with the bot's own token. */
  readonly byBot: boolean;
}

/** An answer that can be given again. */
export interface Refused {
  readonly status: number;
  /** Discord's JSON. */
  readonly body: string;
  /** Discord's own code in it; 0 if there is none. */
  readonly code: number;
}

/**
 * Remembers what Discord refuses, so that it isn't asked again: every refusal counts towards a ban. Channel
 * permissions are remembered until they change, at most ten minutes; an expired interaction token for its possible
 * lifetime; a rejected bot token for a period that doubles.
 */
export interface KnownRefusals {
  note(asked: Asked, refused: Refused): void;
  /** The known refusal; undefined if the request should be sent. */
  find(asked: Asked): Refused | undefined;
  /** The bot's token works. */
  accepted(asked: Asked): void;
  /** Permissions may be different now: of these channels, or of all. */
  forget(channelIds?: readonly string[]): void;
}

interface Entry extends Refused {
  readonly until: number;
}

const channelForMs = 10 * minute;
/** An interaction's token lives 15 minutes. */
const tokenForMs = 15 * minute;
const leastBotForMs = 5_000;
const mostBotForMs = 5 * minute;
const mostEntries = 5_000;

/** 403 with one of these lasts until someone changes something: access, permission, closed direct messages. */
const lastingCodes: ReadonlySet<number> = new Set([50_001, 50_007, 50_013]);
const missingAccess = 50_001;
const deadToken = 50_027;
const botKey = 'bot';

export function createKnownRefusals({ now }: { readonly now: () => number }): KnownRefusals {
  const entries = new Map<string, Entry>();
  let botForMs = leastBotForMs;

  function keep(key: string, refused: Refused, ms: number): void {
    entries.delete(key);
    entries.set(key, { ...refused, until: now() + ms });
    for (const oldest of entries.keys()) if (entries.size > mostEntries) entries.delete(oldest);
  }

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry && entry.until <= now()) entries.delete(key);
    return entry && entry.until > now() ? entry : undefined;
  }

  return {
    note(asked, refused) {
      const { status, code } = refused;
      if (status === 401 && asked.byBot) {
        keep(botKey, refused, botForMs);
        botForMs = Math.min(botForMs * 2, mostBotForMs);
      }
      const token = tokenOf(asked);
      if (status === 401 && code === deadToken && token) keep(token, refused, tokenForMs);
      const channel = channelOf(asked);
      if (status !== 403 || !lastingCodes.has(code) || !channel) return;
      keep(code === missingAccess ? channel : actOf(channel, asked), refused, channelForMs);
    },
    find(asked) {
      const [token, channel] = [tokenOf(asked), channelOf(asked)];
      const bot = asked.byBot ? live(botKey) : undefined;
      if (bot) return bot;
      if (token) return live(token);
      if (!channel) return undefined;
      const plain = asked.files ? live(actOf(channel, { ...asked, files: false })) : undefined;
      return live(channel) ?? plain ?? live(actOf(channel, asked));
    },
    accepted({ byBot }) {
      if (byBot) botForMs = leastBotForMs;
    },
    forget(channelIds) {
      for (const key of entries.keys()) {
        const [what, id = ''] = key.split(' ');
        if (what === 'channel' && (!channelIds || channelIds.includes(id))) entries.delete(key);
      }
    },
  };
}

/** Refusals in a channel are per action: without Attach Files the bot may still post text. */
function actOf(channel: string, { method, files, path }: Asked): string {
  const isOne = /\/messages\/\d+/.test(path);
  return `${channel} ${method}${isOne ? ' one' : ''}${files ? ' files' : ''}`;
}

function channelOf({ path }: Asked): string | undefined {
  const id = /^\/channels\/(\d+)\/messages/.exec(path)?.[1];
  return id && `channel ${id}`;
}

function tokenOf({ path }: Asked): string | undefined {
  const token = /^\/(?:webhooks|interactions)\/\d+\/([^/]+)/.exec(path)?.[1];
  return token && `token ${token}`;
}
