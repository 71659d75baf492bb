import type { REST } from 'discord.js';
import type { Log } from '../../log.js';
import { minute } from '../../util/time.js';
import { type Listed, listCommands } from './command-registration.js';

/** Slash commands as clickable mentions (Discord docs: "Message Formatting"). */
export interface CommandMentions {
  /** `</quota show:123>`, or `/quota show` while the command's id is unknown: it is then looked up for the next time. */
  of(command: string): string;
  /** Resolves once ids are known, or if they can't be found out soon: messages that stay wait for it. Never rejects. */
  known(): Promise<void>;
  /** Takes the ids that Discord gave to commands. */
  learn(listed: readonly Pick<Listed, 'id' | 'name' | 'type'>[]): void;
  /** Easel is connected as this application: from now on ids can be looked up. */
  connected(applicationId: string): void;
}

interface Deps {
  readonly rest: REST;
  readonly log: Log;
  readonly now: () => number;
  /** Longest wait for ids, ms. @default 60_000 */
  readonly patienceMs?: number;
}

/** Minimum interval of look-ups, ms. */
const betweenMs = minute;

/** Only the process that registers the commands learns their ids from that; the others look them up. */
export function createCommandMentions({ rest, log, now, patienceMs = minute }: Deps): CommandMentions {
  const ids = new Map<string, string>();
  let application: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let heard = () => {};
  const learned = new Promise<void>((resolve) => {
    heard = resolve;
  });

  function learn(listed: readonly Pick<Listed, 'id' | 'name' | 'type'>[]): void {
    for (const { id, name, type = 1 } of listed) if (type === 1) ids.set(name, id);
    if (ids.size > 0) heard();
  }

  function lookUp(): void {
    if (application === undefined || now() - lookedAt < betweenMs) return;
    lookedAt = now();
    listCommands(rest, application).then(learn, (error: unknown) =>
      log.warn({ err: error }, 'the ids of the commands could not be read'),
    );
  }

  return {
    of(command) {
      const [name = command] = command.split(' ');
      const id = ids.get(name);
      if (id === undefined) lookUp();
      return id === undefined ? `/${command}` : `</${command}:${id}>`;
    },
    async known() {
      if (ids.size === 0) lookUp();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs).unref();
      });
      await Promise.race([learned, late]);
      clearTimeout(timer);
    },
    learn,
    connected(applicationId) {
      application = applicationId;
    },
  };
}
