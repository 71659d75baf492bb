import { createInterface } from 'node:readline';
import { describeRun, runAll } from './actions/batch-runs.js';
import { createUserActions } from './actions/user-actions.js';
import type { Arguments } from './command-line.js';
import { describeDeath, type Playground, startPlayground } from './playground.js';
import { createPaint } from './terminal/message-rendering.js';
import { createRepl } from './terminal/repl.js';
import { openTerminal } from './terminal/terminal.js';

const { stdin, stdout, stderr } = process;

/** A line can take as long as Easel waits for MPS, in the stand-in's time, and half a minute in real time. */
const limitMs = ({ speed }: Arguments): number => 30_000 + (30 * 60_000) / speed;

/**
 * Starts everything, and runs the given lines or an interactive session. Returns the exit code.
 * @param stopRequested resolves with an exit code when the process is to stop.
 * @throws UsageError, PlaygroundError
 */
export async function play(options: Arguments, stopRequested: Promise<number>): Promise<number> {
  const starting = startPlayground(options, process.env);
  const playground = await Promise.race([starting, stopRequested]);
  if (typeof playground === 'number') {
    await starting.then(({ close }) => close()).catch(() => {});
    return playground;
  }
  const isTyped = options.runs.length === 0 && stdin.isTTY && stdout.isTTY;
  try {
    const work = isTyped ? converse(playground, options) : runLines(playground, options, stopRequested);
    return await Promise.race([work, stopRequested]);
  } finally {
    await playground.close();
  }
}

/** Runs lines without a terminal: those of --run, or else those on stdin. Returns the exit code. */
async function runLines(
  playground: Playground,
  options: Arguments,
  stopRequested: Promise<number>,
): Promise<number> {
  const { discord, actor, arrivals, bot } = playground;
  const lines = options.runs.length > 0 ? options.runs : linesOf(stdin);
  // Printed at once: input may come late, or never.
  if (options.runs.length === 0 && !options.json)
    stdout.write(`Easel is here: ${discord.origin} in a browser. Ctrl-C ends it.\n`);
  const deps = {
    doer: createUserActions(discord, actor, arrivals.load),
    collect: arrivals.collect,
    bot,
    limitMs: limitMs(options),
    now: () => performance.now(),
  };
  const outcomes: string[] = [];
  for await (const result of runAll(lines, deps)) {
    outcomes.push(result.outcome);
    stdout.write(`${options.json ? JSON.stringify(result) : describeRun(result)}\n`);
  }
  if (bot.hasDied()) return reportDeath(playground);
  if (outcomes.length === 0) return servePage(playground, stopRequested);
  return outcomes.every((outcome) => outcome === 'delivered' || outcome === 'answered') ? 0 : 1;
}

/** Neither a terminal nor lines to run: only the page is served. Returns the exit code. */
async function servePage(playground: Playground, stopRequested: Promise<number>): Promise<number> {
  const end = await Promise.race([stopRequested, playground.bot.died]);
  return typeof end === 'number' ? end : reportDeath(playground);
}

/** Runs an interactive session. Returns the exit code. */
async function converse(playground: Playground, options: Arguments): Promise<number> {
  const paint = createPaint(!process.env.NO_COLOR);
  const doer = createUserActions(playground.discord, playground.actor, playground.arrivals.load);
  const session = createRepl({ playground, doer, paint, place: options });
  const prompt = `${paint.dim(`${options.user} ›`)} `;
  const terminal = openTerminal({ input: stdin, output: stdout, paint, prompt, complete: session.complete });
  try {
    await Promise.race([session.converse(terminal), playground.bot.died]);
    return playground.bot.hasDied() ? await reportDeath(playground) : 0;
  } finally {
    terminal.close();
    stdout.write('\n');
  }
}

/** Reports that the bot has died. */
async function reportDeath({ bot, logFile }: Playground): Promise<number> {
  stderr.write(`\n${describeDeath(`Easel ended ${await bot.died}.`, bot, logFile)}\n`);
  return 1;
}

async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input })) if (/^\s*[^\s#]/.test(line)) yield line.trim();
}
