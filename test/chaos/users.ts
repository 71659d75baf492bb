import { setTimeout as sleep } from 'node:timers/promises';
import { ClientRefusal } from '@easel/discord-stand-in';
import type { Chance } from './chance.js';
import type { Life } from './life.js';
import type { Order } from './order.js';
import type { PlannedOrder } from './planned-order.js';
import { run } from './planned-orders.js';
import type { Story } from './story.js';
import type { World } from './world.js';

/** The exit code of a process that found another one working on its store, or was considered gone. */
export const turnedAwayCode = 78;

/** Users who place their orders one after the other, each when a bot can take them. */
export interface Users {
  /** When lives ended otherwise than as asked, ms since the epoch. */
  readonly deaths: readonly number[];
  follow(life: Life): void;
  /** No one orders until `wake`: the bot that should answer sleeps. */
  rest(): void;
  wake(): void;
  send(plannedOrders: readonly PlannedOrder[]): Promise<void>;
}

/** @param orders receives their orders. */
export function createUsers(world: World, chance: Chance, story: Story, orders: Order[]): Users {
  const alive = new Set<Life>();
  let rests = false;
  const deaths: number[] = [];
  return {
    deaths,
    follow(life) {
      let ended = false;
      void life.ready.then(() => {
        if (!ended) alive.add(life);
      });
      void life.ended.then(({ code }) => {
        ended = true;
        alive.delete(life);
        if (code !== 0 && code !== turnedAwayCode) deaths.push(Date.now());
      });
    },
    rest() {
      rests = true;
    },
    wake() {
      rests = false;
    },
    async send(plannedOrders) {
      for (const planned of plannedOrders) {
        while (rests || alive.size === 0 || !isServed(world)) await sleep(10);
        // A client that finds nothing to press has nothing to send.
        orders.push(...(await run(planned, world, chance, story, orders).catch(unlessRefused)));
        await sleep(chance.between(0, 250));
      }
    },
  };
}

/** Whether there are commands, and a gateway that dispatches them. */
function isServed({ discord }: World): boolean {
  return discord.gateway.isReady() && discord.commands().length > 0;
}

function unlessRefused(error: unknown): [] {
  if (error instanceof ClientRefusal) return [];
  throw error;
}
