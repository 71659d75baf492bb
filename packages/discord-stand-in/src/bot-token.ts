import { type Random, randomText } from './random-text.js';

/** A bot token of Discord's form: the application's id in base64, a time and a signature. */
export function makeToken(applicationId: string, random: Random): string {
  const id = Buffer.from(applicationId).toString('base64url');
  return `${id}.${randomText(random, 6)}.${randomText(random, 38)}`;
}

/** The application's id that a token carries; undefined for a token of another form. */
export function applicationOf(token: string): string | undefined {
  const id = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('latin1');
  return /^\d{17,19}$/.test(id) ? id : undefined;
}
