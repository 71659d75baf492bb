import { expect, it } from 'vitest';
import { atPresent } from '../../../../src/tasks/delivery/current-origin.js';
import type { Delivery } from '../../../../src/tasks/delivery/delivery-port.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { arrived } from '../../../support/delivery.js';
import { aTask } from '../../../support/tasks.js';

const asked: readonly (readonly [keyof Delivery, (delivery: Delivery, task: Task) => Promise<unknown>])[] = [
  ['show', (delivery, task) => delivery.show(task, {})],
  ['introduce', (delivery, task) => delivery.introduce(task)],
  ['tidy', (delivery, task) => delivery.tidy(task, arrived)],
  ['host', (delivery, task) => delivery.host(task, [])],
  ['limitOf', (delivery, task) => delivery.limitOf(task, 'answer')],
  ['post', (delivery, task) => delivery.post(task, 'answer', [])],
  ['seek', (delivery, task) => delivery.seek(task, 'answer')],
  ['answered', (delivery, task) => delivery.answered(task)],
  ['tellLate', (delivery, task) => delivery.tellLate(task)],
  ['notify', (delivery, task) => delivery.notify(task, arrived)],
];

it.each(asked)('%s goes to the current answer, even with an older record', async (name, ask) => {
  const task = aTask();
  const latest = { ...task, origin: { ...task.origin, messageId: '1146000000000000077' } };
  const reached: Task[] = [];
  const note = async (given: Task) => void reached.push(given);
  const delivery = Object.fromEntries(asked.map(([one]) => [one, note])) as unknown as Delivery;
  const shown = { ...task, request: { ...task.request, prompt: 'as it is about to be' } };
  await ask(atPresent(delivery, { get: () => latest }), shown);
  expect(reached, name).toEqual([{ ...shown, origin: latest.origin }]);
  await ask(atPresent(delivery, { get: () => undefined }), shown);
  expect(reached[1]).toEqual(shown);
});
