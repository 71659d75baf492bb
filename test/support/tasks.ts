import type { ImageRequest, VideoRequest } from '../../src/mps/generation-request.js';
import type {
  Failure,
  Handover,
  Origin,
  State,
  StateName,
  StateOf,
  Task,
  TaskId,
} from '../../src/tasks/model/task.js';

/** 2026-01-15, noon. */
export const noon = Date.UTC(2026, 0, 15, 12);
const minute = 60_000;

export function anOrigin(changes: Partial<Origin> = {}): Origin {
  return {
    applicationId: '1100000000000000001',
    eventId: '1146000000000000023',
    guildId: '1100000000000000002',
    channelId: '1100000000000000003',
    userId: '1100000000000000004',
    guildInstalled: true,
    roles: [],
    locale: 'en-US',
    private: false,
    token: 'the-interaction-token',
    tokenExpiresAt: noon + 15 * minute,
    acknowledged: true,
    messageId: '1146000000000000024',
    sizeLimit: 10 * 1024 * 1024,
    mayPostLater: true,
    mayReadHistory: true,
    ...changes,
  };
}

export function anImageRequest(changes: Partial<ImageRequest> = {}): ImageRequest {
  return { kind: 'image', prompt: 'a red fox', model: 'hunyuan-3.0', enhance: true, ...changes };
}

export function aVideoRequest(changes: Partial<VideoRequest> = {}): VideoRequest {
  return { kind: 'video', prompt: 'it runs', model: 'kling-3.0', enhance: false, duration: 5, ...changes };
}

const finished = {
  mpsTaskId: 'mps-1',
  urls: ['https://results.example.com/fox.png?sign=secret'],
  linksExpireAt: noon + 12 * 60 * minute,
};
const handover: Handover = { route: 'answer', tries: 0 };
const failure: Failure = { reason: 'moderation' };

/** One example of each state; the user of a task in it has not been notified yet. */
export const states: { readonly [Name in StateName]: StateOf<Name> } = {
  received: { name: 'received' },
  awaitingApproval: { name: 'awaitingApproval' },
  held: { name: 'held' },
  queued: { name: 'queued' },
  submitting: { name: 'submitting' },
  searching: {
    name: 'searching',
    folder: { bucket: 'pictures-1250000000', path: '/aigc-output/1/2-1/' },
    since: noon,
    reason: 'interrupted',
  },
  running: { name: 'running', mpsTaskId: 'mps-1', createdAt: noon, letGo: false },
  fetching: { name: 'fetching', ...finished },
  awaitingReview: { name: 'awaitingReview', ...finished },
  delivering: { name: 'delivering', ...finished, handover },
  delivered: { name: 'delivered', posted: { channelId: '3', messageId: '24' }, route: 'answer' },
  failed: { name: 'failed', failure, handover, told: false },
  cancelled: { name: 'cancelled', handover, told: false },
  discarded: { name: 'discarded', handover, told: false },
};

let serial = 0;

/** An id no other task of this run has. */
export function aTaskId(): TaskId {
  return `${1_146_000_000_000_000_100n + BigInt(++serial)}:1`;
}

/** A task as the ledger may hold it, received at noon. */
export function aTask(changes: Partial<Omit<Task, 'state'>> & { state?: State } = {}): Task {
  const state = changes.state ?? states.received;
  const received = { state: 'received', at: noon } as const;
  return {
    v: 1,
    id: aTaskId(),
    request: anImageRequest(),
    origin: anOrigin(),
    account: { guildId: '1100000000000000002', person: 'hash' },
    cost: { unit: 'image', amount: 1 },
    history: state.name === 'received' ? [received] : [received, { state: state.name, at: noon }],
    ...changes,
    state,
  };
}
