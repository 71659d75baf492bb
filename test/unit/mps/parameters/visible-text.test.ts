import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isVisible } from '../../../../src/mps/parameters/visible-text.js';

const unseen = [
  '\u200b',
  '\u2060',
  '\ufeff',
  '\u3164',
  '\u115f',
  '\uffa0',
  '\u2800',
  '\u00ad',
  '\u202e',
  '\u{e0041}',
];
const fillers = [...unseen, ' ', '\u3000', '\n', '\u0000', '\ufe0f', '\u0301', '\ud800'];

it('a text of invisible characters alone shows nothing, and one letter among them is visible', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...fillers)),
      fc.constantFrom('a', '狐', '🦊', '7', '?'),
      (parts, letter) => {
        expect(isVisible(parts.join(''))).toBe(false);
        expect(isVisible([...parts, letter, ...parts].join(''))).toBe(true);
      },
    ),
  );
});
