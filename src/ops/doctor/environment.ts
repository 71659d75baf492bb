import {
  type Environment,
  type StrangeLine,
  strangeDotenvLines,
  type UnknownVariable,
  unknownIn,
} from '../../config/config.js';
import { type Finding, fail, warn } from './finding.js';

/**
 * Sentences about what Easel passes over in its environment, for the log at the start. They are no reason not to start:
 * other programs' variables begin as ours do, and a bot that ran yesterday runs today. `npm run doctor`, which an operator
 * reads while setting it up, fails on those that are most likely mistakes.
 */
export function environmentDoubts(env: Environment): readonly string[] {
  return [
    ...strangeDotenvLines().map((line) => `${sayLine(line)}; it is ignored`),
    ...unknownIn(env).map(sayUnknown),
  ];
}

/** The same for the doctor. Only a name with a likely right one fails, or one that was to limit what Easel spends. */
export function checkEnvironment(
  env: Environment,
  lines: readonly StrangeLine[] = strangeDotenvLines(),
): readonly Finding[] {
  const check = 'Configuration';
  return [
    ...lines.map((line) => fail(check, sayLine(line), 'write it as NAME=value, or put # before a comment')),
    ...unknownIn(env).map((unknown) => {
      const { variable, meant } = unknown;
      const isGrave = meant.length > 0 || variable.startsWith('QUOTA_');
      const fix = isGrave
        ? 'rename it, or take it out'
        : 'if it is meant for Easel, .env.example lists all names';
      return (isGrave ? fail : warn)(check, sayUnknown(unknown), fix);
    }),
  ];
}

function sayLine({ line, name, because }: StrangeLine): string {
  return `line ${line} of .env${name === undefined ? '' : ` (${name} …)`} is ${because}`;
}

function sayUnknown({ variable, meant }: UnknownVariable): string {
  const said = `${variable} isn't one of Easel's variables`;
  return meant.length > 0 ? `${said}; did you mean ${meant.join(' or ')}?` : said;
}
