import { UsageError } from './parsing.js';

const portRange = 'a whole number from 0 (any free port) to 65535';

/** @throws UsageError unless `text` is a number that `isValid` accepts; `allowed` describes the accepted ones. */
export function readNumber(
  flag: string,
  text: string,
  allowed: string,
  isValid: (value: number) => boolean,
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && isValid(value)) return value;
  throw new UsageError(`--${flag} must be ${allowed}, not "${text}".`);
}

/** The value of `--port`. @throws UsageError */
export function readPort(text: string): number {
  return readNumber(
    'port',
    text,
    portRange,
    (value) => Number.isInteger(value) && value >= 0 && value < 65_536,
  );
}

/** The value of `--seed`. @throws UsageError */
export function readSeed(text: string): number {
  return readNumber('seed', text, 'a whole number', Number.isSafeInteger);
}
