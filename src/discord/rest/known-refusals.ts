import { minute } from '../../util/time.js';
/** A request as the memory of refusals knows it. */
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
 * What Discord is known to refuse, so that it is not asked again: every such answer counts towards a ban. Permissions of
 * a channel are remembered until they change, ten minutes at most; a dead interaction token for as long as it could have
 * lived; a refused bot token for a while that doubles.
 */
export interface KnownRefusals {
  note(asked: Asked, refused: Refused): void;
  /** The answer that is bound to come; undefined if the request should be sent. */
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

/** What is refused in a channel goes by the act: who may not attach files may still write. */
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
