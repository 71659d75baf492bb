import { DiscordAPIError } from 'discord.js';
import {
  FileRefusedError,
  RouteClosedError,
  TooLargeError,
  WordsRefusedError,
} from '../../tasks/delivery/delivery-port.js';
import { codeOf } from './errors.js';

/**
 * What a refusal of Discord's means, whatever was sent and by whichever route: a message, an edit, a follow-up, a direct
 * message.
 * - `closed`: this route takes nothing of this kind until someone changes something; another one may.
 * - `words`: AutoMod or a link filter refuses what is written. The same words are refused again: leave them out.
 * - `file`: the media filter refuses a file. The same file is refused again: leave it out.
 * - `tooLarge`: a smaller file may be taken.
 * - `later`: it passes by itself.
 */
export type Refusal = 'closed' | 'words' | 'file' | 'tooLarge' | 'later';

/**
 * By Discord's JSON code, if that says more than the HTTP status (Discord docs: "JSON Error Codes";
 * docs/discord-notes.md#interactions).
 * All other codes are of the permanent kind: a permission is missing, a thing is gone, a thread is locked.
 */
const byCode: ReadonlyMap<number, Refusal> = new Map([
  // AutoMod: a message, a title; a harmful link.
  ...([200_000, 200_001, 240_000] as const).map((code) => [code, 'words'] as const),
  // Explicit content that this place or this user does not take.
  ...([20_009] as const).map((code) => [code, 'file'] as const),
  ...([40_005, 50_045] as const).map((code) => [code, 'tooLarge'] as const),
  // Write limits of a channel or a server, slow mode, too many edits of an old message, sending switched off, overload.
  ...([20_016, 20_022, 20_028, 20_029, 30_046, 40_004, 40_062, 130_000] as const).map(
    (code) => [code, 'later'] as const,
  ),
]);

/** What an error means; undefined for one that is not Discord's word: the network, a time-out, a defect. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof RouteClosedError) return 'closed';
  if (error instanceof WordsRefusedError) return 'words';
  if (error instanceof FileRefusedError) return 'file';
  if (error instanceof TooLargeError) return 'tooLarge';
  if (!(error instanceof DiscordAPIError)) return undefined;
  const known = byCode.get(codeOf(error) ?? 0);
  if (known) return known;
  if (error.status === 413) return 'tooLarge';
  return error.status === 429 || error.status >= 500 ? 'later' : 'closed';
}

/** True if retrying this route is pointless. */
export function isClosed(error: unknown): boolean {
  return refusalOf(error) === 'closed';
}

/** The same error as the delivery's callers know it; what passes by itself stays what it is. */
export function classify(error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  switch (refusalOf(error)) {
    case 'closed':
      return new RouteClosedError(`Discord refused with ${code}.`, { cause: error });
    case 'words':
      return new WordsRefusedError(`Discord rejected the text with ${code}.`, { cause: error });
    case 'file':
      return new FileRefusedError(`Discord rejected a file with ${code}.`, { cause: error });
    case 'tooLarge':
      return new TooLargeError({ cause: error });
    default:
      return error;
  }
}
