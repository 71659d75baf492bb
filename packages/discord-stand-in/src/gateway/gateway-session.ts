import type { JsonObject } from '../types.js';

/** An event, and its conditions for reaching a session. */
export interface Dispatch {
  readonly name: string;
  /** The payload, as far as the session's intents let it see. */
  data(intents: number): JsonObject;
  /** The guild of the event; undefined (direct messages, the bot itself) goes to shard 0. */
  readonly guildId: string | undefined;
  /** Intents, one of which is required; 0 for none. */
  readonly intents: number;
}

interface Sent {
  readonly seq: number;
  readonly text: string;
}

/** One bot's line of events, over as many connections as it takes. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** Number of the last event. */
  readonly seq: number;
  wants(dispatch: Dispatch): boolean;
  /** Numbers an event, keeps it for a resume, and sends it when someone listens. */
  send(name: string, data: JsonObject): void;
  /** Sends all events after `seq` again; false if they are no longer stored. */
  replay(seq: number): boolean;
  /** Sends the last events a second time, under their old numbers. */
  repeat(count: number): void;
  attach(send: (text: string) => void): void;
  detach(): void;
}

const kept = 5000;

export interface SessionOptions {
  id: string;
  intents: number;
  shard: readonly [number, number];
}

export function createSession({ id, intents, shard }: SessionOptions): Session {
  const sent: Sent[] = [];
  let seq = 0;
  let listener: ((text: string) => void) | undefined;

  return {
    id,
    intents,
    shard,
    get seq() {
      return seq;
    },
    wants({ guildId, intents: needed }) {
      if (needed !== 0 && (needed & intents) === 0) return false;
      return shardOf(guildId, shard[1]) === shard[0];
    },
    send(name, data) {
      seq += 1;
      const text = JSON.stringify({ op: 0, s: seq, t: name, d: data });
      sent.push({ seq, text });
      if (sent.length > kept) sent.shift();
      listener?.(text);
    },
    replay(from) {
      const oldest = sent[0]?.seq ?? seq + 1;
      if (from > seq || from + 1 < oldest) return false;
      for (const each of sent) if (each.seq > from) listener?.(each.text);
      return true;
    },
    repeat(count) {
      for (const { text } of sent.slice(-count)) listener?.(text);
    },
    attach(send) {
      listener = send;
    },
    detach() {
      listener = undefined;
    },
  };
}

/** Discord docs: Gateway, "Sharding". */
export function shardOf(guildId: string | undefined, count: number): number {
  return guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count));
}
