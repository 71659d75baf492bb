import { silentLog } from '../../src/log.js';
import { createDecoder, type Decoder } from '../../src/media/decoding/decoder.js';
import { createMemory } from '../../src/media/storage/memory-budget.js';

/** A decoder like the bot's, with the default budget. Its processes exit by themselves. */
export function aDecoder(options: Partial<Parameters<typeof createDecoder>[0]> = {}): Decoder {
  return createDecoder({ memory: createMemory(128e6), log: silentLog, ...options });
}
