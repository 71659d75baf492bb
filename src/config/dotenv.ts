import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cwd, env as processEnvironment } from 'node:process';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.js';
import type { Environment } from './env-reader.js';

/** A line of a `.env` file that nothing is read from. */
export interface StrangeLine {
  /** From 1. */
  readonly line: number;
  /** The variable that it seems to be about, if it begins with a name. Never a value: it may be a key. */
  readonly name: string | undefined;
  readonly because: string;
}

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

/** The lines of the `.env` file of `directory` that nothing is read from; none if there is no such file. */
export function strangeDotenvLines(directory: string = cwd()): readonly StrangeLine[] {
  try {
    return strangeLines(decode(readFileSync(join(directory, '.env'))));
  } catch {
    // readEnvironment says why.
    return [];
  }
}

/** Text as editors and shells write it: PowerShell's `>` makes it UTF-16. */
function decode(bytes: Buffer): string {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8').decode(bytes);
}

const assignment = /^\s*(?:export\s+)?[\w.-]+\s*=\s*(.*)$/;
const isIgnored = /^\s*(?:#|$)/;

/** The lines of a `.env` file that `parseEnv` of node:util passes over without a word. */
export function strangeLines(text: string): readonly StrangeLine[] {
  const lines = text.split(/\r?\n/);
  const strange: StrangeLine[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const [, value] = assignment.exec(line) ?? [];
    if (value === undefined) {
      if (!isIgnored.test(line)) strange.push(report(line, index, 'not of the form NAME=value'));
      continue;
    }
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
    // A value in quotes may go on over several lines.
    const end = lines.findIndex((later, at) => at > index && later.includes(quote));
    if (end < 0) strange.push(report(line, index, `a value whose quote ${quote} is never closed`));
    else index = end;
  }
  return strange;
}

function report(line: string, index: number, because: string): StrangeLine {
  const name = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]{2,})(?=[\s:=]|$)/.exec(line)?.[1];
  return { line: index + 1, name, because };
}
