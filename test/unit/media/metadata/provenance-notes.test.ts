import { describe, expect, it } from 'vitest';
import { findLabel } from '../../../../src/media/metadata/provenance-notes.js';

const label = '{"Label":"1","ContentProducer":"x"}';

describe('a label of AI content', () => {
  it.each([
    ['alone', label],
    ['behind other objects', `{"a":1} {"b":{"c":2}} ${label} {"Label":"2"}`],
    ['behind a brace that nothing closes', `{ { ${label}`],
    ['in another object', `{"AIGC":${label}}`],
    ['written as XML', '<a>{&quot;Label&quot;:&#34;1&quot;,&quot;ContentProducer&quot;:&quot;x&quot;}</a>'],
  ])('is found: %s', (_, text) => {
    expect(findLabel(text)).toBe(label);
  });

  it.each([
    ['without a brace', '"Label":"1"'],
    ['with only one', '{"Label":"1"'],
    ['around another object', '{"Label":{"a":1}}'],
  ])('is none: %s', (_, text) => {
    expect(findLabel(text)).toBeUndefined();
  });

  // Ten times the input that once took 24 s: with a step for each pair of letters, each would take an hour.
  it.each([
    ['"Label" again and again', `{${'"Label"'.repeat(600_000)}`],
    ['braces that open', '{'.repeat(4_000_000)],
    ['braces that open and close', '{"Label}'.repeat(500_000)],
    ['signs of XML', '&#'.repeat(2_000_000)],
    ['entities', '&quot;{'.repeat(500_000)],
  ])('is looked for in one walk: %s', (_, text) => {
    expect(findLabel(text)).toBeUndefined();
  });
});
