import type { EventEmitter } from 'node:events';
import type { StandInEvents } from './stand-in.js';

/** Waits (real ms) for a state that the gateway and the commands make. */
export function untilReady(
  events: EventEmitter<StandInEvents>,
  isReady: () => boolean,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      events.off('gatewayChanged', look).off('commandsChanged', look);
    };
    const look = (): void => {
      if (!isReady()) return;
      stop();
      resolve();
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`no bot connected within ${timeoutMs} ms`));
    }, timeoutMs);
    events.on('gatewayChanged', look).on('commandsChanged', look);
    look();
  });
}
