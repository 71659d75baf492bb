import { opcodes } from './connection.js';
import type { State } from './gateway-state.js';

/** How the gateway misbehaves. */
export interface GatewayFaults {
  /** Closes every connection with a code; without one they end like a dead network. */
  drop(code?: number): void;
  /** Op 9: `resumable` false makes the bot identify again. */
  invalidSession(resumable: boolean): void;
  /** Op 7: reconnect and resume. */
  reconnect(): void;
  /** Heartbeats get no answer (until `false`): the bot must consider the connection dead. */
  stopHeartbeatAcks(stopped?: boolean): void;
  /** Every connection falls silent in both directions and stays open; new ones work. */
  freeze(): void;
  /** No connection is accepted (until `false`): connecting ends with HTTP 503. */
  refuse(refused?: boolean): void;
  /** The last events are sent a second time, under their old numbers. */
  replay(lastN: number): void;
  /** Sends events of one name twice from now on, the second as a new one (`false` ends it). */
  duplicate(name: string, on?: boolean): void;
}

export function createFaults(state: State): GatewayFaults {
  const { sessions, connections, doubled } = state;
  return {
    drop(code) {
      for (const connection of connections) code === undefined ? connection.cut() : connection.close(code);
    },
    invalidSession(resumable) {
      for (const connection of connections) {
        if (!resumable && connection.session) sessions.delete(connection.session.id);
        connection.invalidate(resumable);
      }
    },
    reconnect() {
      for (const connection of connections) connection.signal(opcodes.reconnect, null);
    },
    stopHeartbeatAcks(stopped = true) {
      state.acks = !stopped;
    },
    freeze() {
      for (const connection of connections) connection.freeze();
    },
    refuse(isRefused = true) {
      state.refused = isRefused;
    },
    replay(lastN) {
      for (const { session } of connections) session?.repeat(lastN);
    },
    duplicate(name, on = true) {
      if (on) doubled.add(name);
      else doubled.delete(name);
    },
  };
}
