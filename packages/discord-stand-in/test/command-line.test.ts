import { expect, test } from 'vitest';
import { applicationOf, makeToken } from '../src/bot-token.js';
import { instructions, readFlags } from '../src/command-line.js';
import { createRandom } from '../src/random-text.js';

test('reads flags, and answers a wrong one with a sentence', () => {
  expect(readFlags(['--port', '8080', '--seed', '3', '--message-content'])).toEqual({
    port: 8080,
    seed: 3,
    messageContent: true,
  });
  expect(readFlags([])).toEqual({ port: 0, messageContent: false });
  expect(() => readFlags(['--port', '70000'])).toThrow('--port must be a whole number from 0');
  expect(() => readFlags(['--port', 'x'])).toThrow('not "x"');
  expect(() => readFlags(['--seed', '1.5'])).toThrow('--seed must be a whole number');
  expect(() => readFlags(['--speed', '2'])).toThrow();
});

test('shows what to set for the bot, without repeating a token from the environment', () => {
  const standIn = { apiUrl: 'http://127.0.0.1:1/api', origin: 'http://127.0.0.1:1', token: 'made-up' };
  expect(instructions(standIn, {})).toContain(
    '  DISCORD_API_URL=http://127.0.0.1:1/api\n  DISCORD_TOKEN=made-up\n',
  );
  expect(instructions(standIn, { DISCORD_TOKEN: 'x' })).not.toContain('DISCORD_TOKEN');
});

test('a generated token carries the application, and a seed generates it again', () => {
  const token = makeToken('1234567890123456789', createRandom(7));
  expect(applicationOf(token)).toBe('1234567890123456789');
  expect(makeToken('1234567890123456789', createRandom(7))).toBe(token);
  expect(applicationOf('not-a-token')).toBeUndefined();
});
