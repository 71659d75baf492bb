import type { MessageView } from '@easel/discord-stand-in';
import { endsInWords } from '../../src/tasks/model/state-machine.js';
import type { StateName, Task } from '../../src/tasks/model/task.js';
import type { Create, Facts } from '../chaos/facts.js';
import type { Order } from '../chaos/order.js';
import { aMessage } from './messages.js';
import { aTask, states } from './tasks.js';

export const mpsUrl = 'http://127.0.0.1:8080';

export function anOrder(changes: Partial<Order> = {}): Order {
  return {
    id: '1146000000000000023',
    part: 1,
    kind: 'image',
    person: 'ben',
    userId: '1100000000000000004',
    prompt: 'a red fox',
    channelId: '1100000000000000003',
    byMessage: false,
    at: 0,
    secret: false,
    cutOff: undefined,
    wish: undefined,
    ...changes,
  };
}

export const aFile = {
  id: '5',
  filename: 'fox.png',
  size: 4,
  url: 'http://127.0.0.1/fox.png',
  description: undefined,
  contentType: 'image/png',
  width: 1,
  height: 1,
};

/** A message as Discord would show it with the outcome of `anOrder`. @default its picture */
export function anOutcome(changes: Partial<MessageView> = {}): MessageView {
  return aMessage({ id: '24', content: '> a red fox', attachments: [aFile], ...changes });
}

/** The requests to MPS. @default done */
export function aCreate(changes: Partial<Create> = {}): Create {
  return { id: 'mps-1', status: 'DONE', sources: [], ...changes };
}

/** An order that was only answered, unless overridden. */
export function facts(changes: Partial<Facts> = {}): Facts {
  const same = changes.task ? [changes.task] : [];
  return {
    order: anOrder(),
    task: undefined,
    picture: undefined,
    same,
    creates: [],
    requests: [],
    answered: true,
    answer: undefined,
    blindSince: undefined,
    seen: [],
    reasons: [],
    spread: 0,
    pings: 0,
    mpsUrl,
    troubles: new Set<string>(),
    deaths: [],
    ...changes,
  };
}

interface Details extends Partial<Pick<Task, 'origin' | 'release' | 'made'>> {
  /** Why it failed. */
  readonly failed?: 'unsuccessful' | 'unsuccessful.fetch';
}

/** A task that went through these states, one every 100 ms from 0 on; if it has ended, its user has been notified. */
export function through(
  names: readonly [StateName, ...StateName[]],
  { failed, ...details }: Details = {},
): Task {
  const last = names.at(-1) ?? names[0];
  const at = states[last];
  const told = endsInWords(at) ? { ...at, told: true } : at;
  const state = failed ? { ...states.failed, failure: { reason: failed }, told: true } : told;
  return {
    ...aTask({ state }),
    history: names.map((name, at) => ({ state: name, at: at * 100 })),
    ...details,
  };
}
