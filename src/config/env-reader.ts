import { nearest } from './spelling.js';
import { Refusal, type Variable } from './variable-types.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Problem {
  readonly variable: string;
  readonly found: string;
  readonly allowed: string;
  readonly where: string;
}

/** All that is wrong with the environment at once; its message is meant for the operator's eyes as it is. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 setting needs' : `${problems.length} settings need`;
    const blocks = problems.map(
      ({ variable, found, allowed, where }) =>
        `  ${variable}\n    found:    ${found}\n    allowed:  ${allowed}\n    where:    ${where}`,
    );
    const advice = 'Set them in the environment or in a file .env here; .env.example explains each one.';
    super(`Easel cannot start: ${count} attention.\n\n${blocks.join('\n\n')}\n\n${advice}`);
    this.problems = problems;
  }
}

/** Takes values out of an environment and gathers what is wrong with them. */
export interface Reader {
  has(variable: Variable<unknown>): boolean;
  /** The variable's value; its fallback where it is unset, or bad and noted as such. */
  take<T>(variable: Variable<T>): T;
  /** Notes a problem that a single variable's text does not show. */
  refuse(variable: Variable<unknown>, found: string, allowed: string): void;
  /** Notes problems that were found elsewhere. */
  note(found: readonly Problem[]): void;
  /** Throws ConfigError if anything was noted. */
  finish(): void;
}

export function createReader(env: Environment, known: readonly Variable<unknown>[]): Reader {
  const problems: Problem[] = misspelt(env, known);
  const refuse: Reader['refuse'] = ({ name: variable, where }, found, allowed) => {
    problems.push({ variable, found, allowed, where });
  };
  return {
    refuse,
    has: ({ name }) => written(env, name) !== undefined,
    take(variable) {
      const text = written(env, variable.name);
      if (text === undefined) {
        if (variable.required) refuse(variable, 'nothing', variable.allowed);
        return variable.fallback;
      }
      const value = /^(["']).*\1$/.test(text)
        ? new Refusal('with quotes around it: leave them out')
        : variable.read(text);
      if (!(value instanceof Refusal)) return value;
      const found = variable.secret ? `${text.length} characters` : shown(text);
      refuse(variable, value.because ? `${found}, ${value.because}` : found, variable.allowed);
      return variable.fallback;
    },
    note(found) {
      problems.push(...found);
    },
    finish() {
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}

/** A variable's text without blanks around it; empty means unset. */
function written(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

/** A text as the operator may read it: short, and without a password. */
export function shown(text: string): string {
  const safe = text.replace(/\/\/.*@/s, '//…@');
  return JSON.stringify(safe.length > 80 ? `${safe.slice(0, 80)}…` : safe);
}

/**
 * Names one slip away from a variable of ours that is not set: it would stay at its default without a word. Other
 * programs' variables are none of our business (LOGLEVEL), so the first word has to be ours.
 */
function misspelt(env: Environment, known: readonly Variable<unknown>[]): Problem[] {
  const unset = known.map(({ name }) => name).filter((name) => !written(env, name));
  return Object.keys(env).flatMap((variable) => {
    if (known.some(({ name }) => name === variable) || !written(env, variable)) return [];
    const meant = nearest(
      variable,
      unset.filter((name) => firstWord(name) === firstWord(variable)),
      1,
    );
    if (!meant) return [];
    const found = 'a name Easel does not know';
    return [
      { variable, found, allowed: `${meant}, if that is meant`, where: '.env.example lists all names' },
    ];
  });
}

function firstWord(name: string): string {
  return name.split('_', 1).join();
}
