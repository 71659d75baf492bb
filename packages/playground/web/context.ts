import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Person } from '../src/page/wire.js';
import type { Desk } from './client-state.js';
import { type State, useStore } from './store.js';
import type { Words } from './texts.js';

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('there is no desk around this component');
  return desk;
}

/** A part of the state, followed. */
export function useSeen<T>(pick: (state: State) => T): T {
  return useStore(useDesk().store, pick);
}

export function useWords(): Words {
  const desk = useDesk();
  useStore(desk.store, (state) => state.world?.me.locale);
  return desk.words();
}

/** A person by id. */
export function usePerson(id: string | undefined): Person | undefined {
  return useSeen(({ world }) => world?.people.find((person) => person.id === id));
}
