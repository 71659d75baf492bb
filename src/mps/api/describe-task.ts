import type { Log } from '../../log.js';
import type { Kind } from '../generation-request.js';
import { imageAnswer, type Status, statuses, videoAnswer } from '../wire.js';
import type { Context } from './context.js';
import { MpsError } from './errors.js';

/** A task as MPS described it. */
export interface TaskReport {
  readonly taskId: string;
  /** An unknown status is reported as RUN. */
  readonly status: Status;
  /** Links to the results; they live 12 hours. Empty unless DONE. */
  readonly urls: readonly string[];
  /** Why it failed, in MPS's words. */
  readonly message?: string;
  /** `1920x1088`, for videos, if MPS says it. */
  readonly resolution?: string;
  /** When the request was sent, ms since the epoch by our clock. */
  readonly askedAt: number;
  readonly requestId: string;
}

const questions = {
  image: { action: 'DescribeAigcImageTask', answer: imageAnswer },
  video: { action: 'DescribeAigcVideoTask', answer: videoAnswer },
} as const satisfies Record<Kind, object>;

type DescribeContext = Context & { readonly statusOf: (word: string) => Status };

/** Polls the task that `choose` names when a request may be sent; see `MpsClient.describe`. */
export async function describeTask(
  context: DescribeContext,
  kind: Kind,
  choose: () => string | undefined,
  signal: AbortSignal,
): Promise<TaskReport | undefined> {
  let chosen: string | undefined;
  const ask = (pick: () => string | undefined) =>
    context.limits[questions[kind].action].run(
      async (slot) => {
        chosen = pick();
        if (chosen !== undefined) return report(context, kind, chosen, signal);
        slot.giveBack();
        return undefined;
      },
      { signal },
    );
  try {
    return await ask(choose);
  } catch (error) {
    const stale = error instanceof MpsError && error.retry === 'resign';
    if (!stale || !context.clock.correctBy(error)) throw error;
    return ask(() => chosen);
  }
}

async function report(
  { sign, now, statusOf }: DescribeContext,
  kind: Kind,
  taskId: string,
  signal: AbortSignal,
): Promise<TaskReport> {
  const askedAt = now();
  const answer = await sign({ ...questions[kind], body: { TaskId: taskId }, signal })();
  const status = statusOf(answer.Status);
  return {
    taskId,
    status,
    urls: status === 'DONE' ? answer.Urls : [],
    askedAt,
    requestId: answer.RequestId,
    ...(answer.Message && { message: answer.Message }),
    ...(isPixels(answer.Resolution) && { resolution: answer.Resolution }),
  };
}

/** Width and height as reported by MPS; anything else is never shown. */
function isPixels(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,5}[x×*]\d{1,5}$/i.test(text);
}

/** Other words for the end of a task without a result: not seen yet, but no sign that it still runs. */
const failedWords = ['FAILED', 'ERROR', 'CANCELLED', 'CANCELED', 'TIMEOUT'];

/** Parses MPS's status, in any spelling. An unknown one means "still running" and is logged the first time. */
export function createStatusReader(log: Log): (word: string) => Status {
  const strange = new Set<string>();
  return (word) => {
    const upper = word.toUpperCase();
    const known = failedWords.includes(upper) ? 'FAIL' : statuses.find((status) => status === upper);
    if (known) return known;
    if (!strange.has(word)) log.warn({ status: word }, 'MPS: unknown task status, treated as running');
    strange.add(word);
    return 'RUN';
  };
}
