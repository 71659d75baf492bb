import { describe, expect, it } from 'vitest';
import { createEdits } from '../../../../src/discord/delivery/edit-throttle.js';
import { createFakeClock } from '../../../support/clock.js';
import { aTaskId } from '../../../support/tasks.js';
import { settled } from '../../../support/until.js';

/** Edits that end when instructed, and the names of those that began. */
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

const drawing = (look: string, edit: () => Promise<unknown>) => async () => ({ look, edit });

it('cards are drawn a few at a time, and an outcome does not queue behind them', async () => {
  const edits = createEdits({ atOnce: 2 });
  const { begun, edit, end } = createEasel();
  for (const name of ['first', 'second', 'third']) void edits.draw(aTaskId(), drawing(name, edit(name)));
  await settled();
  void edits.make(aTaskId(), edit('outcome'));
  await settled();
  expect(begun).toEqual(['first', 'second', 'outcome']);
  end();
  await settled();
  expect(begun).toEqual(['first', 'second', 'outcome', 'third']);
});

it('hundreds of cards are drawn gradually, and an outcome at once', async () => {
  const edits = createEdits();
  let drawn = 0;
  for (let n = 0; n < 300; n++)
    void edits.draw(
      aTaskId(),
      drawing('', async () => void drawn++),
    );
  await edits.make(aTaskId(), async () => {});
  await settled();
  expect(drawn).toBeGreaterThan(0);
  expect(drawn).toBeLessThan(100);
});

it('a waiting card is superseded by a newer one', async () => {
  const edits = createEdits({ atOnce: 1 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(aTaskId(), drawing("another's", edit("another's")));
  void edits.draw(id, drawing('older', edit('older')));
  void edits.draw(id, drawing('newer', edit('newer')));
  for (let left = 3; left > 0; left--) {
    await settled();
    end();
  }
  expect(begun).toEqual(["another's", 'newer']);
});

it('a waiting card is superseded by a mandatory edit, and never undoes it', async () => {
  const edits = createEdits({ atOnce: 1 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(aTaskId(), drawing("another's", edit("another's")));
  void edits.draw(id, drawing('card', edit('card')));
  await settled();
  void edits.make(id, edit('source image'));
  for (let left = 3; left > 0; left--) {
    await settled();
    end();
  }
  expect(begun).toEqual(["another's", 'source image']);
});

it('edits of one task are sequential, also after a failed one', async () => {
  const edits = createEdits({ atOnce: 8 });
  const { begun, edit, end } = createEasel();
  const id = aTaskId();
  void edits.draw(id, drawing('card', edit('card')));
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

describe('cards of one message are three seconds apart', () => {
  /** A clock that stands still, and its waiting timers. */
  function createTime() {
    const clock = createFakeClock();
    const waiting: { until: number; wake: () => void }[] = [];
    return {
      now: clock.now,
      wait: (ms: number) => new Promise<void>((wake) => void waiting.push({ until: clock.now() + ms, wake })),
      async pass(ms: number) {
        clock.pass(ms);
        for (const due of waiting.filter(({ until }) => until <= clock.now())) {
          waiting.splice(waiting.indexOf(due), 1);
          due.wake();
        }
        await settled();
      },
    };
  }

  function begin() {
    const time = createTime();
    const edits = createEdits(time);
    const id = aTaskId();
    const seen: string[] = [];
    const edit = (look: string) => async () => void seen.push(look);
    const draw = (look: string, of = id) => edits.draw(of, drawing(look, edit(look)));
    return { time, edits, id, seen, edit, draw };
  }

  it('and of many in quick succession the last one arrives, after the first', async () => {
    const { time, seen, draw } = begin();
    await draw('in line');
    for (const look of ['one ahead', 'next', 'painting']) void draw(look);
    await settled();
    expect(seen).toEqual(['in line']);
    await time.pass(2_999);
    expect(seen).toEqual(['in line']);
    await time.pass(1);
    expect(seen).toEqual(['in line', 'painting']);
    await time.pass(60_000);
    expect(seen).toHaveLength(2);
  });

  it("but those of another message don't wait for them", async () => {
    const { seen, draw } = begin();
    await draw('in line');
    await draw('in line too', aTaskId());
    expect(seen).toEqual(['in line', 'in line too']);
  });

  it('and one without a visible change is not drawn', async () => {
    const { time, seen, draw } = begin();
    await draw('painting');
    await time.pass(3_000);
    await draw('painting');
    expect(seen).toEqual(['painting']);
    await draw('done; downloading it');
    expect(seen).toHaveLength(2);
  });

  it('one that returns to its earlier look is not drawn either, nor those in between', async () => {
    const { time, seen, draw } = begin();
    await draw('painting');
    void draw('the service is busy');
    void draw('painting');
    await time.pass(3_000);
    expect(seen).toEqual(['painting']);
  });

  it('and one with nothing to show costs nothing', async () => {
    const { edits, id, seen, draw } = begin();
    await edits.draw(id, async () => undefined);
    await draw('painting');
    expect(seen).toEqual(['painting']);
  });

  it('an outcome is posted at once, and no card after it', async () => {
    const { time, edits, id, seen, edit, draw } = begin();
    await draw('in line');
    void draw('painting');
    await edits.make(id, edit('the picture'));
    await time.pass(3_000);
    expect(seen).toEqual(['in line', 'the picture']);
  });

  it('a card that waited behind another edit keeps its distance from that', async () => {
    const { time, edits, id, seen, draw } = begin();
    let end = (): void => {};
    const hosted = edits.make(id, () => new Promise<void>((resolve) => (end = resolve)));
    void draw('painting');
    await settled();
    end();
    await hosted;
    await settled();
    expect(seen).toEqual([]);
    await time.pass(3_000);
    expect(seen).toEqual(['painting']);
  });

  it('a card that Discord refused does not count as drawn: it is drawn again, not at once', async () => {
    const { time, edits, id, seen, draw } = begin();
    await expect(
      edits.draw(
        id,
        drawing('painting', () => Promise.reject(new Error('503'))),
      ),
    ).rejects.toThrow('503');
    void draw('painting');
    await settled();
    expect(seen).toEqual([]);
    await time.pass(3_000);
    expect(seen).toEqual(['painting']);
  });

  it('a clock that was set back delays nothing for longer', async () => {
    const { time, seen, draw } = begin();
    await draw('in line');
    await time.pass(-60_000);
    void draw('painting');
    await settled();
    await time.pass(63_000);
    expect(seen).toEqual(['in line', 'painting']);
  });
});
