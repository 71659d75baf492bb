import { ask } from '../api.js';
import type { BehindWords } from './backstage-texts.js';

/** A fault that a switch turns on, in the stand-in's terms. */
export interface FaultSwitch {
  readonly name: keyof BehindWords;
  readonly faults: readonly Readonly<Record<string, string | number>>[];
}

const always = { times: 1_000_000 };

export const mpsFaults: readonly FaultSwitch[] = [
  { name: 'slowMps', faults: [{ kind: 'delay', ms: 3_000 }] },
  {
    name: 'refuse',
    faults: ['CreateAigcImageTask', 'CreateAigcVideoTask'].map((action) => ({
      kind: 'error',
      code: 'InvalidParameterValue',
      action,
    })),
  },
  { name: 'reset', faults: [{ kind: 'reset', probability: 0.5 }] },
  { name: 'fail', faults: [{ kind: 'fail' }] },
  { name: 'stuck', faults: [{ kind: 'stuck' }] },
  { name: 'slowDownload', faults: [{ kind: 'slow', bytesPerSecond: 100_000 }] },
];

export const discordFaults: readonly FaultSwitch[] = [
  { name: 'slowDiscord', faults: [{ kind: 'delay', ms: 2_000, ...always }] },
  { name: 'limited', faults: [{ kind: '429', retryAfter: 1, method: 'PATCH', ...always }] },
  { name: 'outage', faults: [{ kind: 'status', status: 503, ...always }] },
  { name: 'expire', faults: [{ kind: 'expireToken', route: '^/webhooks/', ...always }] },
];

/** A fault as a stand-in lists it, with its input and more. */
export interface Listed extends Readonly<Record<string, unknown>> {
  readonly id?: number;
}

/** Whether all faults of a switch are active. */
export function isOn({ faults }: FaultSwitch, listed: readonly Listed[]): boolean {
  return faults.every((fault) => listed.some((each) => isSame(fault, each)));
}

function isSame(fault: FaultSwitch['faults'][number], listed: Listed): boolean {
  return Object.entries(fault).every(([key, value]) => listed[key] === value);
}

/** The stand-ins' fault routes; each fault has a number. */
export const faultsAt = { mps: '/_page/mps/faults', discord: '/_control/faults' } as const;

/** Switches one on, or removes exactly its faults. */
export async function switchFaults(
  path: string,
  { faults }: FaultSwitch,
  on: boolean,
  listed: readonly Listed[],
): Promise<void> {
  if (on) for (const fault of faults) await ask(path, 'POST', fault);
  else
    for (const each of listed)
      if (faults.some((fault) => isSame(fault, each))) await ask(`${path}/${each.id}`, 'DELETE');
}
