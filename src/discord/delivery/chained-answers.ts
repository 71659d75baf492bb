import { findNext } from '../../tasks/ledger/follow-up.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { endsInWords, isOver } from '../../tasks/model/state-machine.js';
import type { Route, Task } from '../../tasks/model/task.js';
import type { Together } from '../views/task-card.js';

/** An image and its follow-up video share an answer: what to show of the other part. */
export interface ChainedAnswers {
  /**
   * The current state of the part drawn together with this one; undefined if the task has its own message.
   * @throws StoreError
   */
  with(task: Task, route: Route): Promise<Together | undefined>;
  /**
   * True if the answer still belongs to the image, whose outcome will include the video's card.
   * @throws StoreError
   */
  isEarly(task: Task): Promise<boolean>;
}

export function createChainedAnswers({ find }: Pick<Ledger, 'find'>): ChainedAnswers {
  async function clipOf({ id, request }: Task): Promise<Task | undefined> {
    if (request.kind !== 'image' || !request.thenAnimate) return undefined;
    return findNext(id, find);
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

/** True if this task's answer already shows the image, or why there is none. */
function isIn({ state }: Task, { origin }: Task): boolean {
  if (endsInWords(state)) return state.told && state.handover.route === 'answer';
  if (state.name !== 'delivered' || state.route !== 'answer') return false;
  return origin.messageId === undefined || state.posted.messageId === origin.messageId;
}
