import { describe, expect, it } from 'vitest';
import { aFile, aMessage, buttons } from '../../../../test/support/messages.js';
import { bytes, createPaint, drawChange, drawMessage } from '../../src/terminal/message-rendering.js';

const look = {
  paint: createPaint(false),
  names: () => ({ user: () => undefined, channel: () => undefined, now: 0 }),
};
const waiting = aMessage({ content: '> a \\*red\\* fox\n-# Hunyuan 3\\.0 · about to begin' });

describe('a card in the terminal', () => {
  it('shows the author, the text, files with their size, and buttons', () => {
    const picture = aFile('fox.png', { width: 1024, height: 768 });
    const message = aMessage({ ...waiting, attachments: [picture], components: buttons('Again', 'Animate') });
    expect(drawMessage(message, new Map([[picture.id, 'out/fox-2.png']]), look)).toEqual([
      'Easel',
      '  │ a *red* fox',
      '  Hunyuan 3.0 · about to begin',
      '  out/fox-2.png (1024 × 768, 63 kB)',
      '  [ Again ] [ Animate ]',
    ]);
  });

  it('marks a message that only one user sees, and names a file that was not saved', () => {
    const message = aMessage({ content: 'No.', ephemeral: true, attachments: [aFile('source-1.png')] });
    expect(drawMessage(message, new Map(), look)).toEqual([
      'Easel (only you see this)',
      '  No.',
      '  source-1.png (63 kB)',
    ]);
  });

  it('shows only the change when it is edited, and what it is about', () => {
    const after = aMessage({ ...waiting, content: '> a \\*red\\* fox\n-# Hunyuan 3\\.0 · painting' });
    expect(drawChange(waiting, after, look)).toEqual(['  … a *red* fox · Hunyuan 3.0 · painting']);
    expect(drawChange(after, after, look)).toEqual([]);
  });

  it('is coloured if colours are enabled', () => {
    expect(drawMessage(waiting, new Map(), { ...look, paint: createPaint(true) })[0]).toContain('\u001B[');
  });
});

it.each([
  [999, '999 bytes'],
  [63_201, '63 kB'],
  [1_540_000, '1.5 MB'],
])('%d bytes are %s', (size, words) => {
  expect(bytes(size)).toBe(words);
});
