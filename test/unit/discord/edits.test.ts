import { expect, it } from 'vitest';
import { createEdits } from '../../../src/discord/edits.js';
import { aTaskId } from '../../support/tasks.js';
import { settled } from '../../support/until.js';

/** Edits that end when told, and the names of those that began. */
function createEasel() {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    edit: (name: string) => async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
    },
    end: () => ends.shift()?.(),
  };
}

it('cards are drawn a few at a time, and an outcome does not stand in line behind them', async () => {
  const edits = createEdits({ atOnce: 2 });
  const { begun, edit, end } = createEasel();
  for (const name of ['first', 'second', 'third']) void edits.draw(aTaskId(), edit(name));
  void edits.make(aTaskId(), edit('outcome'));
  await settled();
  expect(begun).toEqual(['first', 'second', 'outcome']);
  end();
  await settled();
  expect(begun).toEqual(['first', 'second', 'outcome', 'third']);
});

it('hundreds of cards are drawn by and by, and an outcome at once', async () => {
  const edits = createEdits();
  let drawn = 0;
  for (let n = 0; n < 300; n++) void edits.draw(aTaskId(), async () => void drawn++);
  await edits.make(aTaskId(), async () => {});
  await settled();
  expect(drawn).toBeGreaterThan(0);
  expect(drawn).toBeLessThan(100);
});

it('a card that still waits is overtaken by a newer one', async () => {
  const edits = createEdits({ atOnce: 1 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(aTaskId(), edit("another's"));
  void edits.draw(id, edit('older'));
  void edits.draw(id, edit('newer'));
  for (let left = 3; left > 0; left--) {
    await settled();
    end();
  }
  expect(begun).toEqual(["another's", 'newer']);
});

it('a card that still waits is overtaken by an edit that must be, and never undoes it', async () => {
  const edits = createEdits({ atOnce: 1 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(aTaskId(), edit("another's"));
  void edits.draw(id, edit('card'));
  void edits.make(id, edit('source image'));
  for (let left = 3; left > 0; left--) {
    await settled();
    end();
  }
  expect(begun).toEqual(["another's", 'source image']);
});

it('edits of one task happen one after the other, also after one that failed', async () => {
  const edits = createEdits({ atOnce: 8 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(id, edit('card'));
  await settled();
  const broken = expect(edits.make(id, () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  const outcome = edits.make(id, edit('outcome'));
  await settled();
  expect(begun).toEqual(['card']);
  end();
  await broken;
  await settled();
  end();
  await outcome;
  expect(begun).toEqual(['card', 'outcome']);
});
