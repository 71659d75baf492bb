import { CommandBody } from '@easel/discord-stand-in';
import { describe, expect, it } from 'vitest';
import { asksForFile } from '../../src/actions/expected-file.js';

const prompt = { type: 3, name: 'prompt', description: 'What' };
const commands = [
  { name: 'imagine', description: 'Paints', options: [prompt] },
  { name: 'quota', description: 'Usage', options: [{ type: 1, name: 'show', description: 'Shows' }] },
].map((body) => CommandBody.parse(body));

describe('a line that asks for a file', () => {
  it.each([
    '/imagine a red fox',
    'press:Again',
    'press:Edit prompt:a blue fox',
    'apps:Animate prompt:it runs',
    'reply:last @Easel it runs',
    '@Easel a red fox',
    '@Easel help a stranded whale',
  ])('%s', (line) => expect(asksForFile(line, commands)).toBe(true));
});

describe('a line that is answered in words', () => {
  it.each([
    '/quota show',
    '/nope',
    'press:Details',
    'press:Why?',
    'press:取消',
    '@Easel help',
    '@Easel thank you!',
  ])('%s', (line) => expect(asksForFile(line, commands)).toBe(false));
});
