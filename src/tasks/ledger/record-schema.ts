import { z } from 'zod';
import { failureReasons, routes, type Task } from '../model/task.js';

/** A stored record: a task in the current shape, or why it is unreadable. */
export type Reading =
  | { readonly task: Task; readonly reason?: undefined }
  | { readonly task?: undefined; readonly reason: string };

const text = z.string();
const instant = z.number().min(0);
const whole = z.int().min(0);
const kind = z.enum(['image', 'video']);
const taskId = text.regex(/^\d+:\d+$/);
const money = z.object({ money: z.number(), currency: text.optional() });
const params = z.record(text, z.union([text, z.number(), z.array(text), money]));
const cost = z.object({ unit: z.enum(['image', 'second']), amount: whole, micros: whole.optional() });
const source = z.object({
  url: text,
  name: text,
  made: z.object({ by: text, until: z.number().optional() }).optional(),
  from: z.object({ channelId: text, messageId: text }).optional(),
});

const clip = source.extend({
  refer: z.enum(['base', 'feature']),
  seconds: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  keepSound: z.boolean().optional(),
  cutTo: z.number().optional(),
});

const request = z.object({
  kind,
  model: text,
  prompt: text,
  enhance: z.boolean(),
  references: z.array(source).optional(),
  image: source.optional(),
  lastImage: source.optional(),
  duration: z.number().optional(),
  clips: z.array(clip).optional(),
  shots: z.union([z.literal('auto'), z.array(z.object({ prompt: text, duration: z.number() }))]).optional(),
  extends: z
    .object({ task: taskId.optional(), clip: clip.optional(), seconds: z.number().optional() })
    .optional(),
  orientation: z.enum(['image', 'video']).optional(),
  soundFile: source.extend({ sound: z.literal(true).optional() }).optional(),
  thenAnimate: z.object({ kind: z.literal('video'), model: text, prompt: text }).optional(),
  preset: z
    .object({ name: text, before: text.optional(), after: text.optional(), gave: z.array(text).optional() })
    .optional(),
  house: text.optional(),
});

const origin = z.object({
  applicationId: text,
  eventId: text.regex(/^\d+$/),
  guildId: text.optional(),
  channelId: text,
  parentId: text.optional(),
  userId: text,
  pressed: z.object({ on: z.object({ channelId: text, messageId: text }).optional() }).optional(),
  locale: text,
  guildInstalled: z.boolean(),
  roles: z.array(text),
  private: z.boolean(),
  token: text.optional(),
  tokenExpiresAt: instant.optional(),
  replyAs: text.optional(),
  sourcesShown: z.literal(true).optional(),
  acknowledged: z.boolean(),
  introduced: z.literal(true).optional(),
  wordless: z.boolean().optional(),
  apart: z.literal(true).optional(),
  messageId: text.optional(),
  sizeLimit: z.number(),
  mayPostLater: z.boolean(),
  mayReadHistory: z.boolean(),
});

const finished = { mpsTaskId: text.optional(), urls: z.array(text), linksExpireAt: instant.optional() };
const folder = z.object({ bucket: text, path: text });
const handover = z.object({ route: z.enum(routes), tries: whole, at: instant.optional() });
const words = { handover, told: z.boolean() };
const reason = z.union([z.enum(failureReasons), text.regex(/^quota\.(member|guild|user|total)\./)]);
const failure = z.object({ reason, params: params.optional() });
const posted = z.object({ channelId: text, messageId: text });
const asked = {
  asking: z.object({ channelId: text, at: instant }).optional(),
  asked: posted.optional(),
};
const name = <Name extends Task['state']['name']>(value: Name) => z.literal(value);

const state = z.discriminatedUnion('name', [
  z.object({ name: name('received') }),
  z.object({ name: name('awaitingApproval'), ...asked }),
  z.object({ name: name('held') }),
  z.object({ name: name('queued') }),
  z.object({ name: name('submitting'), folder: folder.optional() }),
  z.object({
    name: name('searching'),
    folder,
    since: instant,
    reason: z.enum(['interrupted', 'uncertain']),
  }),
  z.object({
    name: name('running'),
    folder: folder.optional(),
    mpsTaskId: text,
    createdAt: instant,
    letGo: z.boolean(),
  }),
  z.object({ name: name('fetching'), ...finished }),
  z.object({ name: name('awaitingReview'), ...finished, ...asked }),
  z.object({ name: name('delivering'), handover, ...finished, copy: posted.optional() }),
  z.object({
    name: name('delivered'),
    posted,
    route: z.enum(routes),
  }),
  z.object({ name: name('failed'), failure, ...words }),
  z.object({ name: name('cancelled'), ...words }),
  z.object({ name: name('discarded'), ...words }),
]);

const place = { part: z.int().min(1), parts: z.int().min(2), before: whole, results: whole };
const set = z.object({
  ...place,
  frame: whole.optional(),
  wish: z
    .object({
      count: z.int().min(1),
      compare: z.array(z.object({ model: text, without: z.array(text).optional() })).optional(),
      pick: z.int().min(1).optional(),
    })
    .optional(),
  order: request.optional(),
  thenAnimate: request.shape.thenAnimate,
  costs: z.array(cost).optional(),
});

/**
 * What the code relies on in a record of version 1. Unknown fields are left as they are: a record of a later version
 * must not lose them here.
 */
const record = z.object({
  v: z.literal(1),
  id: taskId,
  request,
  origin,
  account: z.object({ guildId: text.optional(), person: text }),
  cost,
  nextCost: cost.optional(),
  after: taskId.optional(),
  set: set.optional(),
  made: z.object({ billed: whole }).optional(),
  whole: z
    .union([
      z.object({ seconds: z.number(), sha256: text, bytes: whole }),
      z.object({ missing: z.enum(['gone', 'failed', 'unavailable']) }),
    ])
    .optional(),
  resolution: text.optional(),
  release: z.object({ wish: z.enum(['deliver', 'drop']), by: z.enum(['asker', 'moderator']) }).optional(),
  review: z
    .object({
      before: z.literal('words').optional(),
      cleared: z.literal(true).optional(),
      after: z.literal(true).optional(),
      decision: z
        .object({
          what: z.enum(['order', 'result']),
          approved: z.boolean(),
          by: text.optional(),
          at: instant,
          noted: z.literal(true).optional(),
        })
        .optional(),
    })
    .optional(),
  state,
  attempts: z.object({ step: text, count: whole }).optional(),
  removed: z.boolean().optional(),
  purge: z.enum(['wanted', 'done']).optional(),
  history: z.array(z.object({ state: text, at: whole })).min(1),
});

/**
 * The same for a finished task: what accounting, lists and buttons need. There are ten of them per unfinished one,
 * and all are read before Easel answers users.
 */
const past = z.object({
  v: z.literal(1),
  id: taskId,
  request: z.object({ kind, model: text, prompt: text }),
  origin: z.object({ eventId: text, channelId: text, userId: text, locale: text }),
  account: record.shape.account,
  cost,
  set: z.object(place).optional(),
  made: record.shape.made,
  whole: record.shape.whole,
  state: z.discriminatedUnion('name', [
    z.object({ name: name('delivered'), posted, route: z.enum(routes) }),
    z.object({ name: name('failed'), failure, told: z.literal(true) }),
    z.object({ name: z.enum(['cancelled', 'discarded']), told: z.literal(true) }),
  ]),
  history: record.shape.history,
});

/**
 * Migrates a stored record to the current shape. Version 1 is the first; later versions migrate older ones here.
 * Pure.
 */
export function migrate(stored: unknown): Reading {
  return isTask(stored) ? { task: withLastingLinks(stored) } : { reason: reasonOf(stored) };
}

/** Parses the record under a key. Pure. */
export function readRow(key: string, stored: unknown): Reading {
  const found = migrate(stored);
  return found.task && found.task.id !== key ? { reason: 'its key is that of another' } : found;
}

/** A bare link into a bucket: MPS's own hosting signs its links, so this one is the operator's. */
const bareBucketLink = /^https?:\/\/[a-z0-9-]+\.cos\.[a-z0-9-]+\.(myqcloud\.com|tencentcos\.cn)\/[^?#]*$/;

/**
 * Until the autumn of 2026 every link was persisted as one that dies after 12 hours, also one into the operator's own
 * bucket, if nothing dies.
 */
function withLastingLinks(task: Task): Task {
  const { state, results } = task;
  const isLasting = (links: { readonly urls: readonly string[]; readonly linksExpireAt?: number }) =>
    links.linksExpireAt !== undefined &&
    links.urls.length > 0 &&
    links.urls.every((url) => bareBucketLink.test(url));
  const dies = 'urls' in state && isLasting(state);
  const diesLater = results !== undefined && isLasting(results);
  if (!dies && !diesLater) return task;
  return {
    ...task,
    ...(dies && { state: withoutExpiry(state) }),
    ...(diesLater && { results: withoutExpiry(results) }),
  };
}

function withoutExpiry<T extends { readonly linksExpireAt?: number }>(links: T): T {
  const { linksExpireAt: _dies, ...rest } = links;
  return rest as T;
}

/** The record itself is used, not the parser's output, to keep unknown fields. */
function isTask(stored: unknown): stored is Task {
  // One that fails takes far longer than one that passes.
  const schemas = isOfEnded(stored) ? [past, record] : [record, past];
  return schemas.some((schema) => schema.safeParse(stored).success);
}

const ended: ReadonlySet<unknown> = new Set(['delivered', 'failed', 'cancelled', 'discarded']);

/** Whether it looks like the record of a finished task, not having been checked yet. */
function isOfEnded(stored: unknown): boolean {
  const state = typeof stored === 'object' && stored !== null && 'state' in stored ? stored.state : undefined;
  return typeof state === 'object' && state !== null && 'name' in state && ended.has(state.name);
}

const fields = Object.entries(record.shape);

/** Whether these fields of a record can be read, and whether all are there that it needs. */
export function hasFields(task: Task, some: ReadonlySet<string>): boolean {
  const parts: Readonly<Record<string, unknown>> = { ...task };
  return fields.every(
    ([field, schema]) => (field in parts && !some.has(field)) || schema.safeParse(parts[field]).success,
  );
}

/** Where it is invalid; never the value, which may be a prompt or a token. */
function reasonOf(stored: unknown): string {
  if (typeof stored === 'object' && stored !== null && 'v' in stored && stored.v !== 1)
    return 'it is of an unknown version';
  const issues = record.safeParse(stored).error?.issues ?? [];
  const places = issues.slice(0, 5).map(({ path }) => path.join('.') || 'all of it');
  return `it is wrong in ${places.join(', ')}`;
}
