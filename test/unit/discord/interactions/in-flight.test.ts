import { expect, it } from 'vitest';
import { createInFlight } from '../../../../src/discord/interactions/in-flight.js';

it('a closed gate admits no interaction, and waits for those in flight', async () => {
  const gate = createInFlight();
  let leave = () => {};
  const inside = gate.enter(() => new Promise((resolve) => (leave = resolve)));
  gate.requireOpen();
  gate.close();
  expect(() => gate.requireOpen()).toThrow('error.stopping');
  let isEmpty = false;
  const emptied = gate.emptied().then(() => (isEmpty = true));
  // A newcomer counts as in flight while they are being answered.
  await gate.enter(async () => {});
  expect(isEmpty).toBe(false);
  leave();
  await Promise.all([inside, emptied]);
  expect(isEmpty).toBe(true);
});

it('an abandoned gate takes in nothing more, and says that those in flight are no longer its own', async () => {
  const gate = createInFlight();
  expect(gate.isAbandoned()).toBe(false);
  gate.abandon();
  let isHandled = false;
  await gate.enter(async () => {
    isHandled = true;
  });
  expect([isHandled, gate.isAbandoned()]).toEqual([false, true]);
});

it('a gate waits no longer than Discord does', async () => {
  const gate = createInFlight({ patienceMs: 5 });
  void gate.enter(() => new Promise(() => {}));
  await gate.emptied();
});
