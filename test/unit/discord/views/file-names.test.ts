import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, fileTitle } from '../../../../src/discord/views/file-names.js';

describe('a file’s name', () => {
  it.each([
    ['A red fox, in the snow!', 'a-red-fox-in-the-snow-1.png'],
    ['Crème brûlée', 'creme-brulee-1.png'],
    ['Kızıl İzmir, Łąka', 'kizil-izmir-laka-1.png'],
    ['Con cáo đỏ', 'con-cao-do-1.png'],
    ['雪地里的红狐狸', 'easel-1.png'],
    ['', 'easel-1.png'],
    ['../../etc/passwd', 'etc-passwd-1.png'],
    ['fox.exe', 'fox-exe-1.png'],
    ['--', 'easel-1.png'],
  ])('of %j is %s', (prompt, name) => expect(fileName(prompt, 'image/png', 1)).toBe(name));

  it.each([
    ['image/jpeg', 'fox-1.jpg'],
    ['image/tiff', 'fox-1.tiff'],
    ['video/x-msvideo', 'fox-1.avi'],
    ['image/x-new', 'fox-1.new'],
    ['image/../../etc', 'fox-1.etc'],
    ['image/', 'fox-1.bin'],
    ['image/averylongsubtype', 'fox-1.averylongs'],
  ] as const)('of a file that is %s is %s', (type, name) => expect(fileName('Fox', type, 1)).toBe(name));

  it('is safe everywhere and short, whatever was asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 1, max: 10 }), (prompt, number) => {
        const name = fileName(prompt, 'video/mp4', number);
        expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*\.mp4$/);
        expect(name.length).toBeLessThanOrEqual(70);
        expect(name.endsWith(`-${number}.mp4`)).toBe(true);
      }),
    );
  });

  it('is cut between words if there are some', () => {
    const name = fileName(
      'the quick brown fox jumps over the lazy dog and runs into the woods',
      'image/jpeg',
      2,
    );
    expect(name).toBe('the-quick-brown-fox-jumps-over-the-lazy-dog-and-runs-into-2.jpg');
    expect(fileName('x'.repeat(200), 'image/png', 1)).toBe(`${'x'.repeat(60)}-1.png`);
  });
});

describe('a file’s title', () => {
  it.each([
    ['雪地里的红狐狸', '雪地里的红狐狸-1'],
    ['A 赤い fox, 雪の中!', 'a-赤い-fox-雪の中-1'],
    ['Красная лиса', 'красная-лиса-1'],
    ['Straße bei Nacht', 'straße-bei-nacht-1'],
    ['\u202e../../狐 `@everyone`', '狐-everyone-1'],
  ])('says of %j what its name cannot: %s', (prompt, title) => expect(fileTitle(prompt, 1)).toBe(title));

  it.each(['A red fox', 'Crème brûlée', '', '🦊', '…'])('is not needed for %j', (prompt) =>
    expect(fileTitle(prompt, 1)).toBeUndefined(),
  );

  it('is short and well-formed, whatever was asked for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (prompt) => {
        const title = fileTitle(prompt, 3) ?? 'none-3';
        expect(title).toMatch(/^[\p{L}\p{M}\p{N}]+(-[\p{L}\p{M}\p{N}]+)*-3$/u);
        expect(title.length).toBeLessThanOrEqual(62);
      }),
    );
  });
});
