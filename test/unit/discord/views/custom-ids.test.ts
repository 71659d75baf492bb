import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  controlId,
  customId,
  panelIds,
  parseControlId,
  parseCustomId,
  verbs,
} from '../../../../src/discord/views/custom-ids.js';
import type { TaskId } from '../../../../src/tasks/model/task.js';

const anId = fc
  .tuple(fc.bigInt({ min: 10n ** 16n, max: 2n ** 64n - 1n }), fc.integer({ min: 1, max: 999 }))
  .map(([event, part]): TaskId => `${event}:${part}`);

describe('a button’s customId', () => {
  it('fits into Discord’s 100 characters and can be parsed again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...verbs), anId, (verb, id) => {
        const text = customId(verb, id);
        expect(text.length).toBeLessThanOrEqual(100);
        expect(parseCustomId(text)).toEqual({ verb, id });
      }),
    );
  });

  it.each([
    '',
    'again',
    'v1:again',
    'v1:again:1146000000000000023',
    'v1:again:1146000000000000023:',
    'v1:again:1146000000000000023:1:2',
    'v1:again:12:1',
    'v1:explode:1146000000000000023:1',
    'v2:again:1146000000000000023:1',
    ' v1:again:1146000000000000023:1',
    'v1:again:1146000000000000023:1\n',
    'v1:__proto__:1146000000000000023:1',
  ])('of another make is not understood: %j', (text) => expect(parseCustomId(text)).toBeUndefined());

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCustomId(text)));
  });
});

describe('a control’s customId', () => {
  it('fits into Discord’s 100 characters and can be parsed again', () => {
    const longest = `99:${'1'.repeat(20)}:v:${'m'.repeat(61)}`;
    for (const panel of panelIds)
      for (const control of ['private_on', 'off_video:12', 'content_image_restricted', longest]) {
        const text = controlId(panel, control);
        expect(text.length).toBeLessThanOrEqual(100);
        expect(parseControlId(text)).toEqual({ panel, control });
        expect(parseCustomId(text)).toBeUndefined();
      }
  });

  it.each([
    '',
    'v1:set',
    'v1:set:',
    'v2:set:zone',
    'v1:attic:zone',
    'v1:set:zone\n',
    'v1:again:1146000000000000023:1',
  ])('of another make is not understood: %j', (text) => expect(parseControlId(text)).toBeUndefined());
});
