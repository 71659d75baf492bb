import { z } from 'zod';
import type { TaskId } from '../tasks/model/task.js';

const goingDown = {
  /** It is about to be deleted, or was when Easel stopped. */
  removing: z.literal(true).optional(),
  /** Its stars go with it: its author's data, or the original, was deleted. */
  forget: z.literal(true).optional(),
};

/** Where a result was reposted. */
const post = z.discriminatedUnion('state', [
  /** It is about to be posted, or was when Easel stopped. `at`: ms since the epoch. */
  z.object({
    state: z.literal('posting'),
    channelId: z.string(),
    at: z.number(),
    ...goingDown,
  }),
  /** In a forum the thread and its first message have one id; `channelId` is then the thread. */
  z.object({
    state: z.literal('posted'),
    channelId: z.string(),
    messageId: z.string(),
    /** The forum or media channel of the thread. */
    forumId: z.string().optional(),
    /** Stars that the post shows. */
    shown: z.number(),
    ...goingDown,
  }),
  /** It was taken down, and is never posted again. */
  z.object({ state: z.literal('withdrawn') }),
]);

const record = z.object({
  v: z.literal(1),
  guildId: z.string(),
  /** The message with the result. */
  channelId: z.string(),
  messageId: z.string(),
  /** The task it shows; of a set, part 1. */
  taskId: z.string(),
  /** Whose work it is. */
  authorId: z.string(),
  /** Who starred it with the button. */
  pressed: z.array(z.string()),
  /** Who reacted to it with a star, as Discord last said. */
  reacted: z.array(z.string()),
  post: post.optional(),
});

/** The stars of one message, as they are stored under its id. */
export type StarRecord = Readonly<Omit<z.infer<typeof record>, 'taskId'>> & { readonly taskId: TaskId };
export type ShowcasePost = z.infer<typeof post>;
/** The message that is starred. */
export type Starred = Pick<StarRecord, 'guildId' | 'channelId' | 'messageId' | 'taskId' | 'authorId'>;

/** Most users who are counted one by one; a result with more has long been shown. */
export const mostStars = 1_000;

/** A stored row; undefined if it can't be read. */
export function readStars(row: unknown): StarRecord | undefined {
  const { data } = record.safeParse(row);
  return data && ({ ...data, taskId: data.taskId as TaskId } satisfies StarRecord);
}

/** Users who starred it, each once, whichever way; the author doesn't count. */
export function starsOf({ pressed, reacted, authorId }: StarRecord): readonly string[] {
  return [...new Set([...pressed, ...reacted])].filter((id) => id !== authorId);
}
