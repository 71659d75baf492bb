import { nextId } from '../../tasks/ledger/follow-up.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { endsInWords, isOver } from '../../tasks/model/state-machine.js';
import type { Route, Task } from '../../tasks/model/task.js';
import type { Together } from '../views/task-card.js';

/** An image and its video share an answer: what of the other part is shown with a task. */
export interface Pairs {
  /**
   * The part that is drawn with this one, as it stands now; undefined if a message is the task's alone. @throws
   * StoreError
   */
  with(task: Task, route: Route): Promise<Together | undefined>;
  /**
   * Whether the answer still belongs to the image, whose outcome will bring the video's card along. @throws
   * StoreError
   */
  isEarly(task: Task): Promise<boolean>;
}

export function createPairs({ find }: Pick<Ledger, 'find'>): Pairs {
  async function clipOf({ id, request }: Task): Promise<Task | undefined> {
    if (request.kind !== 'image' || !request.thenAnimate) return undefined;
    const clip = await find(nextId(id));
    return clip?.after === id ? clip : undefined;
  }

  return {
    async with(task, route) {
      if (task.after === undefined) {
        const clip = await clipOf(task);
        return clip && { other: clip, apart: route !== 'answer' };
      }
      const picture = route === 'answer' ? await find(task.after) : undefined;
      return picture && isIn(picture, task) ? { other: picture } : undefined;
    },
    async isEarly({ after }) {
      const picture = after && (await find(after));
      return picture !== undefined && !isOver(picture.state);
    },
  };
}

/** Whether the image, or why there is none, has been said in the answer to this task. */
function isIn({ state }: Task, { origin }: Task): boolean {
  if (endsInWords(state)) return state.told && state.handover.route === 'answer';
  if (state.name !== 'delivered' || state.route !== 'answer') return false;
  return origin.messageId === undefined || state.posted.messageId === origin.messageId;
}
