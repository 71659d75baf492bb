import { minute } from '../../util/time.js';
import { ClipRefusedError, type ClipRule, type Clips, type FitClip } from '../clips/clip-types.js';
import type { LocalFile } from '../files.js';
import { type Downloaded, download, OversizeError } from '../http/download.js';
import { type AddressRule, ForbiddenAddressError, MisresolvedError } from '../http/url-guard.js';
import type { Spool } from '../storage/spool.js';
import { createTakeSound, type TakeSound } from './sound-intake.js';
import { type Source, SourceError, type TakenSource } from './source-intake.js';

/** A clip in the spool, ready for MPS. */
export interface TakenClip extends TakenSource {
  readonly type: FitClip['type'];
  readonly seconds: number;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

interface Options {
  readonly signal: AbortSignal;
}

/** Downloads and checks users' clips, and sounds, before money is spent. */
export interface ClipSources {
  /** Whether clips can be converted, extended and joined here. */
  readonly canConvert: boolean;
  /**
   * Downloads a clip into the spool, looks at it, and converts it if MPS wouldn't accept it.
   * @param options.cutTo seconds that the user agreed to cut it to
   * @throws SourceError with what the user can do about it; the signal's reason
   */
  take(source: Source, rule: ClipRule, options: Options & { readonly cutTo?: number }): Promise<TakenClip>;
  /**
   * Downloads a sound into the spool and looks at it.
   * @throws as `take`
   */
  readonly takeSound: TakeSound;
  /**
   * Downloads a clip into the spool as it is, for what is made of it here. Its owner is the caller.
   * @throws as `take`, if it can't be reached
   */
  fetch(source: Source, options: Options): Promise<LocalFile>;
}

/** Upload size limit, bytes: above MPS's own, since clips can be converted. */
const maxBytes = 200_000_000;
const stallMs = 15_000;
const timeoutMs = 3 * minute;

interface Deps {
  readonly addresses: AddressRule;
  readonly spool: Spool;
  readonly clips: Clips;
}

export function createClipSources({ addresses, spool, clips }: Deps): ClipSources {
  async function fetch(source: Source, most: number, signal: AbortSignal): Promise<Downloaded> {
    const { name, bytes = 0 } = source;
    if (bytes > most) throw tooLarge(name, bytes, most);
    const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await download(source.url, { addresses, spool, maxBytes: most, stallMs, signal: limited });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof OversizeError) throw tooLarge(name, Math.max(bytes, most), most);
      const isTheirs = error instanceof ForbiddenAddressError && !(error instanceof MisresolvedError);
      throw new SourceError(isTheirs ? 'clip.address' : 'clip.unreachable', { name }, { cause: error });
    }
  }

  return {
    canConvert: clips.canConvert,
    takeSound: createTakeSound({ addresses, spool }),
    async take(source, rule, { signal, cutTo }) {
      const most = clips.canConvert ? maxBytes : rule.maxBytes;
      const { path, bytes } = await fetch(source, most, signal);
      let isKept = false;
      try {
        const options = { signal, ...(cutTo !== undefined && { cutTo }) };
        const taken = await clips.fit({ path, bytes }, rule, options);
        isKept = taken.path === path;
        return taken;
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof ClipRefusedError ? refused(source.name, error, rule) : error;
      } finally {
        if (!isKept) await spool.remove([path]);
      }
    },
    async fetch(source, { signal }) {
      const { path, bytes, type } = await fetch(source, maxBytes, signal);
      return { path, bytes, type: type ?? 'video/mp4' };
    },
  };
}

function refused(name: string, error: ClipRefusedError, rule: ClipRule): SourceError {
  const max = rule.maxSeconds;
  return new SourceError(`clip.${error.refusal}`, { max, ...error.params, name }, { cause: error });
}

function tooLarge(name: string, bytes: number, most: number): SourceError {
  return new SourceError('clip.size', { name, megabytes: Number((bytes / 1e6).toFixed(1)), max: most / 1e6 });
}
