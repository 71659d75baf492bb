import { describe, expect, it } from 'vitest';
import { conceal, plainId } from '../../../src/mps/conceal.js';

describe('conceal', () => {
  it('cuts out every hidden text, the longest first', () => {
    expect(conceal('bad prompt: a red fox in red', ['red', 'a red fox'])).toBe('bad prompt: … in …');
  });

  it('cuts out addresses', () => {
    expect(conceal('cannot fetch https://cdn.example/x.png?sig=1 now', [])).toBe('cannot fetch … now');
  });

  it('leaves the words alone where what is hidden is empty or a letter or two', () => {
    expect(conceal('a bad value', ['', 'a'])).toBe('a bad value');
  });

  it('stays on one line and short', () => {
    expect(conceal('one\n\n two', [])).toBe('one two');
    expect(conceal('x'.repeat(1000), [])).toHaveLength(300);
  });
});

describe('plainId', () => {
  it('lets codes and ids through and nothing else', () => {
    expect(plainId('InvalidParameter.ViolationContent')).toBe('InvalidParameter.ViolationContent');
    expect(plainId('7c2-9d:1')).toBe('7c2-9d:1');
    expect(plainId('@everyone <script>\n')).toBe('everyonescript');
    expect(plainId('i'.repeat(500))).toHaveLength(100);
  });
});
