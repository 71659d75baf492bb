import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CycleReport, runCycle } from '../chaos/cycle.js';
import type { PlannedOrder } from '../chaos/planned-order.js';
import { several } from '../chaos/set-ways.js';
import type { Step } from '../chaos/steps.js';
import { picture, slash } from '../chaos/ways.js';
import { type Compiled, compile } from '../support/compiled.js';

/** A bot that is broken in one place, and the resulting finding. */
interface Mutant {
  readonly name: string;
  /** Of the compiled bot. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly text: string;
  readonly instead: string;
  /** The step at which the first life ends. */
  readonly killed: Step;
  readonly planned?: Partial<PlannedOrder>;
  /** Results go to a bucket. */
  readonly bucket?: boolean;
  /** As for CyclePlan. */
  readonly sets?: boolean;
  /** A fault of the order, or the beginning of a complaint. */
  readonly found: string;
}

/** The answer's token has expired from an instant on. */
const cutOff = (when: NonNullable<PlannedOrder['when']>) => ({
  when,
  mishap: (invocation: Parameters<typeof when>[0]) => invocation.expireToken(50027),
});
/** A type that MPS does not accept for a clip. */
const odd = { filename: 'start.webp', bytes: await picture('webp') };

const four = { way: several({ count: 4 }) };

const mutants: readonly Mutant[] = [
  {
    name: 'that orders again what may have been ordered',
    file: 'src/tasks/lifecycle/task-steps.js',
    text: "await endings.lose(task.id, 'interrupted');",
    instead: "await deps.ledger.record(task.id, { type: 'refused' });",
    killed: 'answered Create',
    found: 'doubled create',
  },
  {
    name: 'that does not look for what it may have posted',
    file: 'src/tasks/delivery/route-posts.js',
    text: 'const posted = await delivery.seek(task, route);',
    instead: 'const posted = undefined;',
    killed: 'answered upload',
    planned: cutOff((invocation) => invocation.until(({ attachments }) => attachments.length > 0)),
    found: 'doubled answer',
  },
  {
    name: 'that posts a file with another byte in it',
    file: 'src/discord/rest/uploads.js',
    text: 'file.content ?? (await readFile(file.path))',
    instead: 'file.content ?? (await readFile(file.path)), "!"',
    killed: 'read download',
    found: 'wrong bytes',
  },
  {
    name: 'that does not go on with what MPS has finished',
    file: 'src/tasks/lifecycle/runner.js',
    text: "'fetching',",
    instead: '',
    killed: 'after fetching',
    found: 'stuck',
  },
  {
    name: 'that gives nothing back for what failed',
    file: 'src/tasks/accounting/billing.js',
    text: 'const refunded = !settled && !isAlive(state);',
    instead: 'const refunded = false;',
    killed: 'answered Create',
    found: 'wrong quota: Foxglove',
  },
  {
    name: 'that takes a private outcome to the channel',
    file: 'src/tasks/delivery/delivery-routes.js',
    text: 'if (!origin.private && origin.mayPostLater)',
    instead: 'if (origin.mayPostLater)',
    killed: 'before handing answer',
    planned: {
      way: slash('imagine', { private: true }),
      secret: true,
      ...cutOff(async () => {}),
    },
    found: 'shown to others',
  },
  {
    name: 'that gives up what runs at MPS',
    file: 'src/tasks/lifecycle/task-steps.js',
    text: 'const ended = making.follow(task, { resumed });',
    instead:
      "if (resumed) return endings.fail(task.id, { reason: 'interrupted' }); const ended = making.follow(task);",
    killed: 'after running',
    found: 'wrong failure',
  },
  {
    name: 'that gives MPS a picture it cannot fetch',
    file: 'src/discord/delivery/card-updates.js',
    text: '({ url, hostedAs: id })',
    instead: "({ url: url.replace('hm=', 'hm=0'), hostedAs: id })",
    // Hosted and on record; alone it is not written as queued.
    killed: 'after acknowledged',
    planned: { way: slash('animate', { image: odd }) },
    found: 'wrong failure',
  },
  {
    name: 'that takes a result for none',
    file: 'src/tasks/lifecycle/generation-step.js',
    text: "if (report.status === 'DONE' && report.urls.length > 0)",
    instead: 'if (report.urls.length > 9)',
    killed: 'answered Describe',
    found: 'made in vain',
  },
  {
    name: 'that does not look into the bucket for what it may have ordered',
    file: 'src/tasks/lifecycle/failure-step.js',
    text: 'const folder = task && keeping?.searchable(task);',
    instead: 'const folder = undefined;',
    killed: 'answered Create',
    bucket: true,
    found: 'made in vain',
  },
  {
    name: 'that opens what lies in a private bucket without a signature',
    file: 'src/media/results/result-fetcher.js',
    text: 'own?.sign(url) ?? url',
    instead: 'url',
    killed: 'after running',
    bucket: true,
    found: 'stuck',
  },
  {
    name: 'that writes the other parts of a set as queued before all of it is reserved',
    file: 'src/tasks/ledger/order-parts.js',
    text: "{ type: 'held' }",
    instead: "{ type: 'queued' }",
    killed: 'after queued',
    planned: four,
    found: 'stuck',
  },
  {
    name: 'that shows the parts of a set in one another’s places',
    file: 'src/tasks/delivery/set-members.js',
    text: 'task.set.before + 1',
    instead: 'task.set.parts - task.set.before',
    killed: 'answered upload',
    planned: four,
    found: 'misplaced',
  },
  {
    name: 'that adds each file of a set twice',
    file: 'src/discord/delivery/sets/set-files.js',
    text: 'files: [...files]',
    instead: 'files: [...files, ...files]',
    killed: 'after delivering',
    planned: four,
    found: 'doubled answer',
  },
  {
    name: 'that counts only the first part of a set',
    file: 'src/tasks/accounting/billing.js',
    text: 'amount: made?.billed ?? cost.amount,',
    instead: 'amount: task.set && task.set.part > 1 ? 0 : (made?.billed ?? cost.amount),',
    killed: 'after fetching',
    planned: four,
    found: 'wrong quota',
  },
  {
    name: 'that pings for each part of a set',
    file: 'src/tasks/delivery/order-endings.js',
    text: 'const isLast = await isLastOfOrder(task, ledger);',
    instead: 'const isLast = true;',
    killed: 'after running',
    sets: true,
    planned: four,
    found: 'pinged twice',
  },
];

let compiled: Compiled;
beforeAll(async () => {
  compiled = await compile('tsconfig.bench.json');
});
afterAll(() => compiled[Symbol.asyncDispose]());

/** One order, the death, and the audit once everything should have succeeded; ms as a busy machine needs them. */
function cycleOf(
  { killed, planned, bucket = false, sets = false }: Mutant,
  folder: string,
  settleMs: number,
): Promise<CycleReport> {
  const fox = { person: 'ben', channel: 'Foxglove/general', way: slash('imagine'), prompt: 'a red fox' };
  return runCycle({
    number: 0,
    seed: 11,
    trouble: false,
    bucket,
    sets,
    deaths: [{ step: killed, nth: 1 }],
    patienceMs: 15_000,
    settleMs,
    plannedOrders: async () => [{ ...fox, ...planned }],
    bot: join(compiled.folder, folder, 'test/chaos/bot.js'),
  });
}

/** Compiled again, but for one line. */
async function broken({ file, text, instead }: Mutant, folder: string): Promise<string> {
  await cp(join(compiled.folder, 'dist'), join(compiled.folder, folder), { recursive: true });
  const path = join(compiled.folder, folder, file);
  const parts = (await readFile(path, 'utf8')).split(text);
  expect(parts, `${text} in ${file}, once`).toHaveLength(2);
  await writeFile(path, parts.join(instead));
  return folder;
}

function findingsOf({ verdicts, complaints }: CycleReport): string[] {
  return [...verdicts.flatMap(({ faults }) => faults), ...complaints];
}

describe('the chaos audit finds a bot', () => {
  for (const [at, mutant] of mutants.entries())
    it.concurrent(mutant.name, async () => {
      const sound = await cycleOf(mutant, 'dist', 120_000);
      expect(sound.kills).toEqual([mutant.killed]);
      expect(findingsOf(sound), sound.story.all().join('\n')).toEqual([]);
      const report = await cycleOf(mutant, await broken(mutant, `mutant-${at}`), 6_000);
      expect(findingsOf(report)).toContainEqual(expect.stringMatching(new RegExp(`^${mutant.found}`)));
    });
});
