import type { APIMessage } from 'discord.js';
import type { Log } from '../../log.js';
import type { Progress } from '../../tasks/model/progress.js';
import { isAlive } from '../../tasks/model/state-machine.js';
import type { Route, Task } from '../../tasks/model/task.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import type { NamedFile } from '../rest/uploads.js';
import type { PanelCard } from '../views/message.js';
import type { Cards } from '../views/task-card.js';
import type { Answers } from './answer-message.js';
import type { ChainedAnswers } from './chained-answers.js';
import { hostedBy } from './message-body.js';
import { arrived } from './missing-attachments.js';
import type { SetDrawings } from './sets/set-drawings.js';

/** The answer to a task: what is drawn on it, and which attachments it keeps. All throw what Discord's REST API does. */
export interface TaskAnswers {
  /** The task as a route shows it, with the other part of its order. @throws StoreError */
  draw(task: Task, route: Route, progress?: Progress): Promise<PanelCard>;
  /** Redraws the answer; what it hosts or shows already stays. */
  redraw(task: Task, card: PanelCard): Promise<APIMessage>;
  /** Puts the outcome into the answer; resolves once Discord has all of its files. */
  fill(task: Task, card: PanelCard, files: readonly NamedFile[]): Promise<APIMessage>;
  /** Adds images for MPS to the answer. */
  host(task: Task, images: readonly NamedFile[]): Promise<APIMessage>;
}

interface Deps {
  readonly answers: Answers;
  readonly cards: Cards;
  readonly pairs: Pick<ChainedAnswers, 'with'>;
  readonly sets: Pick<SetDrawings, 'answer' | 'note'>;
  readonly log: Log;
}

export function createTaskAnswers({ answers, cards, pairs, sets, log }: Deps): TaskAnswers {
  const draw: TaskAnswers['draw'] = async (task, route, progress) => {
    sets.note(task.id, progress);
    const whole = route === 'answer' ? await sets.answer(task) : undefined;
    // What has left its set's message is an order of one.
    return whole ?? cards.draw(task, progress, task.set ? undefined : await pairs.with(task, route));
  };

  /** The attachments that an edit keeps: it drops those it doesn't list; without a list it keeps all. */
  async function listed(task: Task, hasFiles: boolean): Promise<{ attachments?: { id: string }[] }> {
    // Its message holds the results of other parts.
    if (task.set && !task.origin.collected) return {};
    if (task.after === undefined) return hasFiles ? {} : { attachments: hostedBy(task) };
    const isOutcome = task.state.name === 'delivering' || !isAlive(task.state);
    return isOutcome ? { attachments: await imageIn(task) } : {};
  }

  /** What the answer to a video holds already: its image, without what it hosts for MPS. */
  async function imageIn({ origin, request }: Task): Promise<{ id: string }[]> {
    const { attachments } = await answers.fetch(origin);
    const hosted = new Set(sourcesOf(request).map(({ hostedAs }) => hostedAs));
    return attachments.filter(({ id }) => !hosted.has(id)).map(({ id }) => ({ id }));
  }

  return {
    draw,
    redraw: async (task, card) => answers.edit(task.origin, { ...card, ...(await listed(task, false)) }, []),
    async fill(task, card, files) {
      const kept = (await listed(task, files.length > 0)).attachments ?? [];
      const edit = () => answers.edit(task.origin, { ...card, attachments: kept }, files);
      return arrived({ message: await edit(), files: files.length + kept.length, repair: edit }, log);
    },
    async host(task, images) {
      const held = task.after === undefined && !task.set ? [] : await imageIn(task);
      const body = { ...(await draw(task, 'answer')), attachments: [...held, ...hostedBy(task)] };
      return answers.edit(task.origin, body, images);
    },
  };
}
