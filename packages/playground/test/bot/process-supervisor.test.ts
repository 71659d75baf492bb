import { expect, it } from 'vitest';
import { settled } from '../../../../test/support/until.js';
import type { Bot } from '../../src/bot/bot-process.js';
import { superviseBot } from '../../src/bot/process-supervisor.js';

/** Processes that end when the test says so. */
function world() {
  const ends: ((how: string) => void)[] = [];
  const begun: boolean[] = [];
  const changes: boolean[] = [];
  const start = (again: boolean): Bot => {
    begun.push(again);
    return {
      died: new Promise((resolve) => ends.push(resolve)),
      hasDied: () => false,
      lastLines: () => [],
      stop: async () => {},
      kill: async () => {},
    };
  };
  const keeper = superviseBot({ start, now: () => 5 });
  keeper.onChange(() => changes.push(keeper.state().up));
  let death: string | undefined;
  void keeper.died.then((how) => {
    death = how;
  });
  return { keeper, ends, begun, changes, death: () => death };
}

it('a process that was killed on purpose has not died, and is started again', async () => {
  const { keeper, begun, changes, death } = world();
  await keeper.kill();
  expect(keeper.state()).toEqual({ up: false, ended: 'by SIGKILL', since: 5, starts: 1 });
  keeper.start();
  keeper.start();
  await settled();
  expect(keeper.state()).toEqual({ up: true, ended: undefined, since: 5, starts: 2 });
  expect([begun, changes, death()]).toEqual([[false, true], [false, true], undefined]);
});

it('an unexpected death is reported, also that of a later process', async () => {
  const { keeper, ends, changes, death } = world();
  await keeper.kill();
  keeper.start();
  ends[1]?.('with code 1');
  await settled();
  expect(death()).toBe('with code 1');
  expect(keeper.state()).toMatchObject({ up: false, ended: 'with code 1' });
  expect(changes).toEqual([false, true, false]);
});
