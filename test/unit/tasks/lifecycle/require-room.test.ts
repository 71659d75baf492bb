import { describe, expect, it } from 'vitest';
import type { UserError } from '../../../../src/errors.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { requireRoom } from '../../../../src/tasks/lifecycle/extending/require-room.js';

const catalogue = createCatalogue();

/** The refusal of an extension of a clip of 50 s, if 60 s is the most. */
function refusalOf(id: string, added: number, seconds = 50): unknown {
  const model = catalogue.find('video', id);
  if (!model) throw new TypeError(id);
  try {
    requireRoom({ extends: { seconds } }, { model, added, max: 60 });
  } catch (error) {
    return (error as UserError).sentences[0];
  }
  return undefined;
}

describe('the room that a clip has left', () => {
  it.each([
    ['is enough', 'kling-3.0', 10, 50, undefined],
    ['is named', 'kling-3.0', 12, 50, { key: 'problem.extends.tooLong', params: { use: 10 } }],
    [
      'is named as the model can fill it',
      'kling-2.1',
      10,
      52,
      { key: 'problem.extends.tooLong', params: { use: 5 } },
    ],
    ['is less than the model adds', 'kling-3.0', 5, 58, { key: 'error.extend.room', params: { min: 3 } }],
    ['is less than the one length of the model', 'hunyuan-1.5', 5, 58, { params: { min: 5 } }],
    ['is none', 'kling-3.0', 5, 60, { key: 'error.extend.full' }],
  ] as const)('%s', (_, id, added, seconds, refusal) => {
    const found = refusalOf(id, added, seconds);
    if (refusal) expect(found).toMatchObject(refusal);
    else expect(found).toBeUndefined();
  });
});
