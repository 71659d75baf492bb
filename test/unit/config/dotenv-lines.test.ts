import { expect, it } from 'vitest';
import { strangeLines } from '../../../src/config/dotenv.js';

it('names the lines of a .env file that are ignored, without their values', () => {
  const text = [
    '# a comment',
    '',
    'DISCORD_TOKEN: abc.def.ghi',
    'export LOG_LEVEL=warn',
    'a.b.c-a-token-alone',
    'COS_BUCKET="several',
    'no assignment = here',
    'lines"',
    'QUOTA TOTAL=5',
    "LAST='open",
  ].join('\r\n');
  const form = 'not of the form NAME=value';
  expect(strangeLines(text)).toEqual([
    { line: 3, name: 'DISCORD_TOKEN', because: form },
    { line: 5, name: undefined, because: form },
    { line: 9, name: 'QUOTA', because: form },
    { line: 10, name: 'LAST', because: "a value whose quote ' is never closed" },
  ]);
  expect(JSON.stringify(strangeLines(text))).not.toMatch(/abc|token-alone|several|open/);
});

it('reports nothing for a valid file', () => {
  expect(strangeLines('A=b\n B = "c" # d\n\n# e\nF=`g\nh`\nI=')).toEqual([]);
});
