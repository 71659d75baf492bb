import type { BotSwitch } from '../page/index.js';
import type { Bot } from './bot-process.js';

/** A bot that can be killed and restarted; `died` covers only unexpected deaths. */
export interface ProcessSupervisor extends Pick<Bot, 'died' | 'hasDied' | 'lastLines' | 'stop'>, BotSwitch {}

export interface SupervisorDeps {
  /** Starts a process; `again` if there was one before. */
  readonly start: (again: boolean) => Bot;
  /** ms since the epoch. */
  readonly now: () => number;
}

export function superviseBot({ start, now }: SupervisorDeps): ProcessSupervisor {
  const listeners = new Set<() => void>();
  let resolveDied: (how: string) => void = () => {};
  const died = new Promise<string>((resolve) => {
    resolveDied = resolve;
  });
  let bot = start(false);
  let state = { up: true, ended: undefined as string | undefined, since: now(), starts: 1 };
  watch(bot);

  function change(next: Partial<typeof state>): void {
    state = { ...state, ...next };
    for (const listener of listeners) listener();
  }

  function watch(watched: Bot): void {
    void watched.died.then((how) => {
      change({ up: false, ended: how });
      resolveDied(how);
    });
  }

  return {
    died,
    hasDied: () => bot.hasDied(),
    lastLines: () => bot.lastLines(),
    stop: () => bot.stop(),
    state: () => state,
    async kill() {
      if (!state.up) return;
      change({ up: false, ended: 'by SIGKILL' });
      await bot.kill();
    },
    start() {
      if (state.up) return;
      bot = start(true);
      watch(bot);
      change({ up: true, ended: undefined, since: now(), starts: state.starts + 1 });
    },
    onChange: (listener) => void listeners.add(listener),
  };
}
