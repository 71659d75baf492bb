import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conceal, plainId } from '../../../../src/mps/api/redact.js';

describe('redaction', () => {
  it('removes every secret text, the longest first', () => {
    expect(conceal('bad prompt: a red fox in red', ['red', 'a red fox'])).toBe('bad prompt: … in …');
  });

  it('removes addresses', () => {
    expect(conceal('cannot fetch https://cdn.example/x.png?sig=1 now', [])).toBe('cannot fetch … now');
  });

  it('leaves the text alone if the secret is empty or a letter or two', () => {
    expect(conceal('a bad value', ['', 'a'])).toBe('a bad value');
  });

  it.each([
    ['The prompt contains "secret fox".', 'a most secret fox', 'The prompt contains "…".'],
    ['refused: most secret f (cut)', 'a most secret fox', 'refused:… (cut)'],
    ['refused: MOST SECRET FOX', 'a most secret fox', 'refused:…'],
    ['提示词包含“雪地里的”，违规', '一只雪地里的红狐狸', '提示词包含“…”，违规'],
    ['违规内容：红狐狸', '一只雪地里的红狐狸', '违规内容：…'],
    ['The word "fo" is forbidden', 'a red fox', 'The word "…" is forbidden'],
    ['size must be one of 1024x1024', 'a red fox', 'size must be one of 1024x1024'],
  ])('cuts out a part of a prompt, too: %s', (said, prompt, left) => {
    expect(conceal(said, [prompt])).toBe(left);
  });

  it('leaves no run of eight characters of a prompt, wherever it is quoted from', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 20, maxLength: 80 }), fc.nat(), (prompt, at) => {
        const from = at % (prompt.length - 10);
        const quote = prompt.slice(from, from + 10);
        fc.pre(!quote.includes('…'));
        // White space is folded afterwards: the remaining text is compared without it.
        expect(conceal(`<<${quote}>>`, [prompt])).not.toContain(quote.replace(/\s+/g, ' '));
      }),
    );
  });

  it('stays on one line and short', () => {
    expect(conceal('one\n\n two', [])).toBe('one two');
    expect(conceal('x'.repeat(1000), [])).toHaveLength(300);
  });
});

describe('plainId', () => {
  it('allows only codes and ids', () => {
    expect(plainId('InvalidParameter.ViolationContent')).toBe('InvalidParameter.ViolationContent');
    expect(plainId('7c2-9d:1')).toBe('7c2-9d:1');
    expect(plainId('@everyone <script>\n')).toBe('everyonescript');
    expect(plainId('i'.repeat(500))).toHaveLength(100);
  });
});
