import type { VideoRequest } from '../../mps/generation-request.js';

/** A shot as written; without seconds it shares what the others leave. */
export interface WrittenShot {
  readonly prompt: string;
  readonly seconds?: number;
}

export type WrittenShots = readonly WrittenShot[] | 'auto';

/** `3s: it runs`, `3 s：…`, `3秒：…`; part of a second is read, too, so that it can be refused. */
const timed = /^(\d{1,3}(?:[.,]\d+)?)\s*(?:s|sec|secs|seconds?|秒)\s*[:：]\s*/iu;

/** `a fox wakes | 3s: it runs`, or `auto`; undefined if nothing is written between two bars. Pure. */
export function parseShots(text: string): WrittenShots | undefined {
  if (/^(auto|自动)$/iu.test(text.trim())) return 'auto';
  const shots = text.split(/[|｜]/).map((part): WrittenShot => {
    const written = part.trim();
    const [lead = '', seconds] = timed.exec(written) ?? [];
    const prompt = written.slice(lead.length).trim();
    return seconds === undefined ? { prompt } : { prompt, seconds: Number(seconds.replace(',', '.')) };
  });
  return shots.every(({ prompt }) => prompt !== '') ? shots : undefined;
}

/** The same as it is written. */
export function formatShots(shots: WrittenShots): string {
  if (shots === 'auto') return shots;
  return shots
    .map(({ prompt, seconds }) => (seconds === undefined ? prompt : `${seconds}s: ${prompt}`))
    .join(' | ');
}

/** The shots of a request as written. */
export function writtenShots({ shots }: Pick<VideoRequest, 'shots'>): WrittenShots | undefined {
  if (shots === undefined || shots === 'auto') return shots;
  return shots.map(({ prompt, duration }) => ({ prompt, seconds: duration }));
}

/** Seconds of a clip whose shots say too little, if nothing else says it. */
const fallbackSeconds = 5;

/**
 * The shots with a length each: what is left open shares the rest of the clip, the first ones a second more if it doesn't
 * come out even. Without a length of its own the clip has the default one, or what the shots need.
 * @param duration that was asked for, in seconds.
 * @param usual seconds of a clip if no one says.
 */
export function spreadShots(
  written: WrittenShots,
  duration: number | undefined,
  usual: number | undefined,
): Pick<VideoRequest, 'shots' | 'duration'> {
  if (written === 'auto') return { shots: written, ...(duration !== undefined && { duration }) };
  const fixed = written.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  const open = written.filter(({ seconds }) => seconds === undefined).length;
  const total = duration ?? (open === 0 ? fixed : Math.max(usual ?? fallbackSeconds, fixed + open));
  const rest = Math.max(total - fixed, open);
  let given = 0;
  const shots = written.map(({ prompt, seconds }) => {
    if (seconds !== undefined) return { prompt, duration: seconds };
    const own = Math.floor(rest / open) + (given < rest % open ? 1 : 0);
    given += 1;
    return { prompt, duration: own };
  });
  return { shots, duration: total };
}
