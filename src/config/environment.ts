import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cwd, env as processEnvironment } from 'node:process';
import { parseEnv } from 'node:util';
import { ConfigError, type Environment } from './reader.js';

/**
 * The process's environment, completed by the `.env` file of `directory` when there is one; what is set outside wins.
 * Throws ConfigError where the file is there and cannot be read.
 */
export function readEnvironment(
  directory: string = cwd(),
  outside: Environment = processEnvironment,
): Environment {
  try {
    const file = readFileSync(join(directory, '.env'), 'utf8').replace(/^\uFEFF/, '');
    return { ...parseEnv(file), ...outside };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    if (code === 'ENOENT') return outside;
    const allowed = 'a file that can be read, or none';
    throw new ConfigError([{ variable: '.env', found: code, allowed, where: directory }]);
  }
}
