import { useEffect, useState } from 'preact/hooks';
import type { BotState, Command, Component, Message, Surroundings } from '../src/page/wire.js';

/** An open modal. */
export interface OpenModal {
  readonly interactionId: string;
  readonly title: string;
  readonly components: readonly Component[];
}

/** A user's action that has not been answered yet, or ever. */
export interface Pending {
  readonly name: string;
  readonly channelId: string;
  /** The message with the button that was pressed, and the button. */
  readonly messageId?: string;
  readonly customId?: string;
  readonly failed: boolean;
}

export interface State {
  readonly world: Surroundings | undefined;
  readonly placeId: string;
  /** Of all channels that were opened, and of those in which something happened; oldest first. */
  readonly messages: Readonly<Record<string, readonly Message[]>>;
  readonly commands: readonly Command[];
  /** Channels with new messages, and the number of pings in each. */
  readonly unread: Readonly<Record<string, number>>;
  readonly pending: Readonly<Record<string, Pending>>;
  readonly modal: OpenModal | undefined;
  readonly replyTo: Message | undefined;
  readonly editing: string | undefined;
  /** The id of a message that a link leads to, until it is in sight. */
  readonly jumpTo: string | undefined;
  readonly lightbox: { readonly url: string; readonly name: string } | undefined;
  /** A sentence about a failed action. */
  readonly notice: string | undefined;
  readonly connected: boolean;
  readonly bot: BotState | undefined;
  readonly isPanelOpen: boolean;
  /** On a phone: the list of channels. */
  readonly isDrawerOpen: boolean;
  readonly theme: 'dark' | 'light';
  /** Whether the user said so at the gate of an age-restricted channel. */
  readonly isOfAge: boolean;
}

export interface Store {
  get(): State;
  set(change: Partial<State> | ((state: State) => Partial<State>)): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...(typeof change === 'function' ? change(state) : change) };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A part of the state; the component is drawn again when it is another. */
export function useStore<T>(store: Store, pick: (state: State) => T): T {
  const [, draw] = useState(0);
  const value = pick(store.get());
  useEffect(() => {
    let last = pick(store.get());
    if (last !== value) draw((count) => count + 1);
    return store.subscribe(() => {
      const next = pick(store.get());
      if (next === last) return;
      last = next;
      draw((count) => count + 1);
    });
  });
  return value;
}

/** Inserts a message in order of its id, which contains its time. */
export function withMessage(list: readonly Message[], message: Message): readonly Message[] {
  const known = list.some(({ id }) => id === message.id);
  if (known) return list.map((each) => (each.id === message.id ? message : each));
  return [...list, message].sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1));
}
