import { inspectSound } from '../clips/sound-inspection.js';
import { download, OversizeError } from '../http/download.js';
import type { AddressRule } from '../http/url-guard.js';
import type { Spool } from '../storage/spool.js';
import { type Source, SourceError, type TakenSource } from './source-intake.js';

/** What MPS accepts of a sound. */
export interface SoundRule {
  /** `mp3` */
  readonly types: readonly string[];
  readonly maxBytes: number;
  readonly seconds: readonly [least: number, most: number];
}

interface Deps {
  readonly addresses: AddressRule;
  readonly spool: Spool;
}

const stallMs = 15_000;
const timeoutMs = 60_000;
/** Seconds that a sound may exceed the longest by: the last frame is whole. */
const grace = 0.25;

/**
 * Downloads a user's sound into the spool and looks at its bytes; nothing of it is changed.
 * @throws SourceError with what the user can do about it; the signal's reason
 */
export type TakeSound = (
  source: Source,
  rule: SoundRule,
  options: { readonly signal: AbortSignal },
) => Promise<TakenSource>;

export function createTakeSound({ addresses, spool }: Deps): TakeSound {
  async function fetch({ url, name }: Source, rule: SoundRule, signal: AbortSignal) {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await download(url, { addresses, spool, maxBytes: rule.maxBytes, stallMs, signal: limited });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OversizeError) throw unfit(name, rule);
      throw new SourceError('sound.unreachable', { name }, { cause: error });
    }
  }

  return async (source, rule, { signal }) => {
    const { path, bytes } = await fetch(source, rule, signal);
    const found = bytes > 0 ? await inspectSound({ path, bytes }) : undefined;
    const [least, most] = rule.seconds;
    if (found && found.seconds >= least && found.seconds <= most + grace)
      return { path, type: found.type, bytes, converted: false };
    await spool.remove([path]);
    throw unfit(source.name, rule);
  };
}

function unfit(name: string, { types, maxBytes, seconds: [min, most] }: SoundRule): SourceError {
  const allowed = types.map((type) => type.toUpperCase());
  return new SourceError('sound.unfit', { name, allowed, max: maxBytes / 1e6, min, most });
}
