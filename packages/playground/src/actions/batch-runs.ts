import { ClientRefusal, type MessageView } from '@easel/discord-stand-in';
import type { Bot } from '../bot/bot-process.js';
import { asSentence } from './message-text.js';
import type { Outcome, Verdict } from './outcomes.js';
import type { UserActions } from './user-actions.js';

/** The outcome of one line, as `--json` prints it. */
export interface RunResult {
  readonly run: string;
  readonly outcome: Outcome;
  /** The sentence that explains a missing result; null if it was delivered or answered. */
  readonly reason: string | null;
  /** The answer in words, line by line; null if there was none. */
  readonly text: string | null;
  /** Paths of the saved files. */
  readonly files: readonly string[];
  /** From the line to the outcome. */
  readonly ms: number;
}

export interface BatchDeps {
  readonly doer: UserActions;
  /** Saves results, and returns their paths. */
  readonly collect: (message: MessageView) => Promise<readonly { readonly path: string }[]>;
  readonly bot: Pick<Bot, 'died' | 'hasDied'>;
  /** ms that a line may take. */
  readonly limitMs: number;
  readonly now: () => number;
}

/** Does lines one after another, each when the one before has ended; after the bot's end nothing is tried any more. */
export async function* runAll(
  lines: Iterable<string> | AsyncIterable<string>,
  deps: BatchDeps,
): AsyncGenerator<RunResult> {
  for await (const run of lines) {
    const begin = deps.now();
    const { outcome, reason, text = null, messages } = await verdictOn(run, deps);
    const saved = await Promise.all(messages.map((message) => deps.collect(message)));
    const files = saved.flat().map(({ path }) => path);
    yield { run, outcome, reason, text, files, ms: Math.round(deps.now() - begin) };
    if (deps.bot.hasDied()) return;
  }
}

async function verdictOn(run: string, { doer, bot, limitMs }: BatchDeps): Promise<Verdict> {
  if (!/^\/|^(press|apps|reply|form):|@/.test(run))
    return refusal(
      `${run} is no command: a line begins with /, press:, apps:, form: or reply:, or mentions @Easel`,
    );
  try {
    const verdict = doer.act(run).then((action) => doer.untilVerdict(action, limitMs));
    const end = bot.died.then(
      (how): Verdict => ({ outcome: 'failed', reason: `Easel ended ${how}`, messages: [] }),
    );
    return await Promise.race([verdict, end]);
  } catch (error) {
    if (error instanceof ClientRefusal) return refusal(asSentence(error.message));
    throw error;
  }
}

function refusal(reason: string): Verdict {
  return { outcome: 'refused', reason, messages: [] };
}

/** The lines that a user reads of one run. */
export function describeRun({ run, outcome, reason, text, files, ms }: RunResult): string {
  const seconds = `${(ms / 1000).toFixed(1)} s`;
  const words: Readonly<Record<Outcome, string>> = {
    answered: `answered after ${seconds}`,
    delivered: `arrived after ${seconds}`,
    failed: `failed after ${seconds}`,
    refused: 'no file came',
    timeout: `no answer after ${seconds}`,
  };
  if (outcome === 'answered')
    return [run, ...(text || words.answered).split('\n').map((line) => `  ${line}`.trimEnd())].join('\n');
  const details = reason === null ? files : [reason];
  return [run, ...details.map((detail) => `  ${words[outcome]}: ${detail}`)].join('\n');
}
