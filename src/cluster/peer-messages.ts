import { z } from 'zod';

/** The task a request is about, and the guild whose shard's process runs it; absent: the first shard's does. */
const about = {
  id: z.templateLiteral([z.string(), ':', z.number()]),
  home: z.exactOptional(z.string()),
};

/** How a press is answered by whichever process has the outcome: it needs no more than the token. Never to be logged. */
const pressAnswer = z.object({
  applicationId: z.string(),
  token: z.string(),
  /** ms since the epoch. */
  tokenExpiresAt: z.number(),
  /** Bytes a file. */
  sizeLimit: z.number(),
  /** The message that carries the answer, once known. */
  messageId: z.exactOptional(z.string()),
  locale: z.string(),
});
export type PressAnswer = z.infer<typeof pressAnswer>;

const release = z.object({ wish: z.enum(['deliver', 'drop']), by: z.enum(['asker', 'moderator']) });

/** What someone wants of a task. Done twice, each leaves things as done once. */
const taskErrand = z.discriminatedUnion('what', [
  z.object({ what: z.literal('cancel'), ...about }),
  /** `whole`: all parts of the set that it leads. */
  z.object({ what: z.literal('release'), ...about, release, whole: z.exactOptional(z.literal(true)) }),
  z.object({ what: z.literal('collect'), ...about, answer: pressAnswer }),
  /** A message that showed the task is gone. */
  z.object({ what: z.literal('gone'), ...about, messageId: z.string() }),
]);
export type TaskErrand = z.infer<typeof taskErrand>;

/** Done; or too late for it: how it stands is in the ledger; or the same is being done for someone already. */
export const outcome = z.enum(['done', 'late', 'busy']);
export type Outcome = z.infer<typeof outcome>;

/** How many records of a user are empty now, and of how many tasks once they are over. */
export const counts = z.object({ emptied: z.number(), later: z.number() });
export type Counts = z.infer<typeof counts>;

const errand = z.discriminatedUnion('what', [
  ...taskErrand.options,
  z.object({ what: z.literal('forget'), userId: z.string() }),
]);
export type Errand = z.infer<typeof errand>;

/** `from` names the process that asks, and thereby the channel it listens on. */
export const asking = z.object({ id: z.string(), from: z.string(), errand });

/** `done` is absent in a first word: it has been begun. */
export const reply = z.object({
  id: z.string(),
  from: z.string(),
  /** How many shards are this process's. */
  shards: z.number(),
  done: z.exactOptional(z.union([outcome, counts])),
});
export type Reply = z.infer<typeof reply>;
