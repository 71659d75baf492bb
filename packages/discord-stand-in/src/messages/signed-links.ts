import { createHmac } from 'node:crypto';
import type { Clock } from '../timer-clock.js';

interface Options {
  readonly clock: Clock;
  /** Key of the signatures. */
  readonly secret: string;
  /** ms. */
  readonly linkLifeMs: number;
}

/** Signs links, and verifies signatures and expiry. */
export function createLinks({ clock, secret, linkLifeMs }: Options) {
  const hex = (ms: number): string => Math.floor(ms / 1000).toString(16);
  const signature = (path: string, ex: string, is: string): string =>
    createHmac('sha256', secret).update(`${path} ${ex} ${is}`).digest('hex');
  return {
    sign(path: string): string {
      const is = hex(clock.now());
      const ex = hex(clock.now() + linkLifeMs);
      return `${path}?ex=${ex}&is=${is}&hm=${signature(path, ex, is)}&`;
    },
    isGenuine({ pathname, searchParams }: URL): boolean {
      const [ex, is, hm] = ['ex', 'is', 'hm'].map((name) => searchParams.get(name) ?? '');
      if (!ex || !is || hm !== signature(decodeURI(pathname), ex, is)) return false;
      return clock.now() < Number.parseInt(ex, 16) * 1000;
    },
  };
}
