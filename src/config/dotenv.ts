import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cwd, env as processEnvironment } from 'node:process';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';
import type { Environment } from './env-reader.js';

/**
 * The process's environment, completed by the `.env` file of `directory` when there is one; what is set outside wins.
 * Throws ConfigError where the file is there and cannot be read.
 */
export function readEnvironment(
  directory: string = cwd(),
  outside: Environment = processEnvironment,
): Environment {
  try {
    return { ...parseEnv(decode(readFileSync(join(directory, '.env')))), ...outside };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT') return outside;
    const allowed = 'a file that can be read, or none';
    throw new ConfigError([{ variable: '.env', found: code, allowed, where: directory }]);
  }
}

/** Text as editors and shells write it: PowerShell's `>` makes it UTF-16. */
function decode(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}
