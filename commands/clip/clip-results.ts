import { numberIn } from '../../src/discord/input/numbered-results.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { parseCustomId } from '../../src/discord/views/custom-ids.js';
import type { Task } from '../../src/tasks/model/task.js';
import { memberNumbered } from '../results/set-selects.js';

/**
 * The clip behind one of Easel's own messages, found by its buttons; of a set, the one of that file.
 * @param ids customIds of its buttons and selects.
 * @throws StoreError
 */
export async function clipBehind(
  ids: readonly string[],
  fileName: string | undefined,
  bot: Uses<'tasks'>,
): Promise<Task | undefined> {
  for (const id of ids) {
    const button = parseCustomId(id);
    if (button?.verb === 'pick') {
      const lead = await bot.tasks.find(button.id);
      const number = numberIn(fileName ?? '');
      const member = lead && number !== undefined ? await memberNumbered(lead, number, bot) : undefined;
      if (member?.task && isClip(member.task)) return member.task;
    }
    const task = button?.verb === 'again' ? await bot.tasks.find(button.id) : undefined;
    if (task && isClip(task) && !task.set) return task;
  }
  return undefined;
}

function isClip({ request, state }: Task): boolean {
  return request.kind === 'video' && (state.name === 'delivered' || state.name === 'delivering');
}
