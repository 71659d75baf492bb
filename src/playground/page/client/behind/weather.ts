import { ask } from '../api.js';
import type { BehindWords } from './texts.js';

/** A way in which a stand-in misbehaves while it is switched on, in its own terms. */
export interface Weather {
  readonly name: keyof BehindWords;
  readonly faults: readonly Readonly<Record<string, string | number>>[];
}

const always = { times: 1_000_000 };

export const mpsWeather: readonly Weather[] = [
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

export const discordWeather: readonly Weather[] = [
  { name: 'slowDiscord', faults: [{ kind: 'delay', ms: 2_000, ...always }] },
  { name: 'limited', faults: [{ kind: '429', retryAfter: 1, method: 'PATCH', ...always }] },
  { name: 'outage', faults: [{ kind: 'status', status: 503, ...always }] },
  { name: 'expire', faults: [{ kind: 'expireToken', route: '^/webhooks/', ...always }] },
];

/** A fault as a stand-in lists it: with what it was made of, and more. */
export interface Listed extends Readonly<Record<string, unknown>> {
  readonly id?: number;
}

/** Whether all that a switch stands for is there. */
export function isOn({ faults }: Weather, listed: readonly Listed[]): boolean {
  return faults.every((fault) => listed.some((each) => isSame(fault, each)));
}

function isSame(fault: Weather['faults'][number], listed: Listed): boolean {
  return Object.entries(fault).every(([key, value]) => listed[key] === value);
}

/** Switches one at the stand-in for MPS, where faults go by their number. */
export async function switchMps(weather: Weather, on: boolean, listed: readonly Listed[]): Promise<void> {
  if (on) for (const fault of weather.faults) await ask('/_page/mps/faults', 'POST', fault);
  else
    for (const each of listed)
      if (weather.faults.some((fault) => isSame(fault, each)))
        await ask(`/_page/mps/faults/${each.id}`, 'DELETE');
}

/** Switches one at the stand-in for Discord, which forgets all of them at once. */
export async function switchDiscord(weather: Weather, on: boolean, listed: readonly Listed[]): Promise<void> {
  const others = discordWeather.filter((each) => each !== weather && isOn(each, listed));
  if (!on) await ask('/_control/faults', 'DELETE');
  for (const each of on ? [weather] : others)
    for (const fault of each.faults) await ask('/_control/faults', 'POST', fault);
}
