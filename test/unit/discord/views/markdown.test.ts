import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, fileTitle } from '../../../../src/discord/views/file-names.js';
import { clip, escapeWords, withoutControls } from '../../../../src/discord/views/markdown.js';

/** Parts of Discord's own syntax, so that random text often contains it (Discord docs: "Message Formatting"). */
const forms = [
  '<@1146000000000000023>',
  '<@!1146000000000000023>',
  '<@&1146000000000000023>',
  '<#1146000000000000023>',
  '<:fox:1146000000000000023>',
  '<a:fox:1146000000000000023>',
  '<t:1700000000:R>',
  '</imagine:1146000000000000023>',
  '<id:customize>',
  '@everyone',
  '@here',
  '**bold**',
  '*italic*',
  '__under__',
  '_italic_',
  '~~gone~~',
  '||hidden||',
  '`code`',
  '```block```',
  '[text](https://evil.example.com)',
  '<https://evil.example.com>',
  'https://evil.example.com/?a=1',
  'http://evil.example.com',
  'discord.gg/abcdef',
  'discord.com/invite/abcdef',
  ':smile:',
  ':thumbsup_tone1:',
  '# heading',
  '-# small',
  '> quote',
  '>>> quote',
  '- item',
  '* item',
  '+ item',
  '1. item',
  '\\',
  '\n',
  ' ',
  'fox',
  '🦊',
];
const anyWords = fc
  .array(fc.oneof(fc.constantFrom(...forms), fc.string({ unit: 'binary' }), fc.string()), { maxLength: 8 })
  .map((parts) => parts.join(''));

/** Syntax that Discord would act on; each is searched in the text as its parser finds it, without escaped pairs. */
const acts: readonly (readonly [name: string, form: RegExp])[] = [
  ['a mention, an emoji, a time or a link in brackets', /<(?=[@#:atid/]|https?:)/],
  ['a mention of many', /@(everyone|here)/],
  ['bold, italics or a list', /\*/],
  ['underlined or italics', /_/],
  ['struck out', /~/],
  ['hidden', /\|/],
  ['code', /`/],
  ['a link with a text', /[[\]]/],
  ['an address', /[a-z]+:\/\//i],
  ['an invitation', /\.(gg|com)\//],
  ['an emoji by its name', /:[\w+-]+:/],
  ['a heading, a quote, a list or small print', /^\s*(#{1,3}|-#|>|>>>|[-+*]|\d+[.)](?!\d))/],
];

/** Discord shows a backslash and any character that is no letter, digit or space as that character alone. */
const withoutEscaped = (text: string) => text.replace(/\\[^0-9A-Za-z\s]/g, '\u0000');
const lineOf = (words: string) => withoutControls(words.replace(/\s+/g, ' ')).trim();
const shown = (text: string) => text.replace(/\\([^0-9A-Za-z\s])/g, '$1');

describe('a user’s text', () => {
  it('never formats, pings, links or fetches', () => {
    fc.assert(
      fc.property(anyWords, (words) => {
        const bare = withoutEscaped(escapeWords(words));
        for (const [name, form] of acts) expect(bare, name).not.toMatch(form);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(forms.filter((form) => form.length > 1 && form.trim() === form && !/^(fox|🦊)$/u.test(form)))(
    'is defused: %s',
    (form) => {
      const bare = withoutEscaped(escapeWords(form));
      for (const [name, pattern] of acts) expect(bare, name).not.toMatch(pattern);
      expect(escapeWords(form)).not.toBe(form);
    },
  );

  it('is shown letter for letter on one line', () => {
    fc.assert(
      fc.property(anyWords, (words) => {
        const line = lineOf(words);
        fc.pre([...line].length <= 300);
        expect(shown(escapeWords(words))).toBe(line);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is left as it is if nothing in it acts', () => {
    for (const words of [
      'a red fox, 16:9; 3.0!',
      '0.5 CNY',
      'and/or',
      'it’s 100 % (of it) + more',
      'fox.png',
      '红色的狐狸',
    ])
      expect(escapeWords(words)).toBe(words);
  });

  it('is cut to a length in whole letters, and the cut is shown', () => {
    fc.assert(
      fc.property(anyWords, fc.integer({ min: 2, max: 40 }), (words, max) => {
        const cut = shown(escapeWords(words, max));
        expect([...cut].length).toBeLessThanOrEqual(max);
        const line = lineOf(words);
        if ([...line].length > max) expect(cut.endsWith('…')).toBe(true);
      }),
    );
    expect(escapeWords('🦊🦊🦊🦊', 3)).toBe('🦊🦊…');
  });
});

const loneSurrogate = /\p{Surrogate}/u;

describe('a clipped text', () => {
  it('is never longer than Discord accepts and splits no letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, max) => {
        const clipped = clip(text, max);
        expect(clipped.length).toBeLessThanOrEqual(max);
        expect(clipped).not.toMatch(loneSurrogate);
        const kept = withoutControls(text);
        if (kept.length <= max) expect(clipped).toBe(kept);
        else expect(kept.startsWith(clipped.slice(0, -1))).toBe(true);
      }),
    );
  });
});

/** UAX #9: every character of the class Bidi_Control. */
const bidi = /\p{Bidi_Control}/u;
const turning = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u202e', '\u2066', '\u2069', '\u200f', '\u061c', '\u0000', 'fox', 'שועל', '\n'),
      anyWords,
    ),
  )
  .map((parts) => parts.join(''));

describe('a displayed text', () => {
  it('holds no bidirectional or invisible characters, wherever it is shown', () => {
    fc.assert(
      fc.property(turning, fc.integer({ min: 2, max: 400 }), (text, max) => {
        for (const seen of [
          escapeWords(text, max),
          clip(text, max),
          fileName(text, 'image/png', 1),
          fileTitle(text, 1) ?? '',
        ]) {
          expect(seen).not.toMatch(bidi);
          expect(seen).not.toMatch(/(?![\n\t])\p{Cc}/u);
        }
      }),
    );
  });
});
