import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { User } from '../src/page/wire.js';
import type { Client } from './client-state.js';
import { type State, useStore } from './store.js';
import type { Words } from './texts.js';

export const ClientContext = createContext<Client | undefined>(undefined);

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('there is no client around this component');
  return client;
}

/** A part of the state, followed. */
export function useSeen<T>(pick: (state: State) => T): T {
  return useStore(useClient().store, pick);
}

export function useWords(): Words {
  const client = useClient();
  useStore(client.store, (state) => state.world?.me.locale);
  return client.words();
}

/** A user by id. */
export function useUser(id: string | undefined): User | undefined {
  return useSeen(({ world }) => world?.users.find((user) => user.id === id));
}
