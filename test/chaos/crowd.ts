import { setTimeout as sleep } from 'node:timers/promises';
import { ClientRefusal } from '@easel/discord-stand-in';
import type { Chance } from './chance.js';
import type { Life } from './life.js';
import type { Order } from './order.js';
import { type Errand, run } from './people.js';
import type { Story } from './story.js';
import type { World } from './world.js';

/** How a process ends that found another one working on its store, or was taken for gone. */
export const turnedAway = 78;

/** Users who place their orders one after the other, each when a bot can take them. */
export interface Crowd {
  /** When lives ended otherwise than as asked, ms since the epoch. */
  readonly deaths: readonly number[];
  follow(life: Life): void;
  /** No one orders until `wake`: the bot that should answer sleeps. */
  rest(): void;
  wake(): void;
  send(errands: readonly Errand[]): Promise<void>;
}

/** @param orders takes what they order. */
export function createCrowd(world: World, chance: Chance, story: Story, orders: Order[]): Crowd {
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
        if (code !== 0 && code !== turnedAway) deaths.push(Date.now());
      });
    },
    rest() {
      rests = true;
    },
    wake() {
      rests = false;
    },
    async send(errands) {
      for (const errand of errands) {
        while (rests || alive.size === 0 || !isServed(world)) await sleep(10);
        // A client that finds nothing to press has nothing to send.
        orders.push(...(await run(errand, world, chance, story, orders).catch(unlessRefused)));
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
