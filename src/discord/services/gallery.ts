import type { MessageComponentInteraction } from 'discord.js';
import { UserError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Kind } from '../../mps/generation-request.js';
import type { Stars } from '../../showcase/stars.js';
import { RouteClosedError } from '../../tasks/delivery/delivery-port.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import { setOf } from '../../tasks/ledger/order-parts.js';
import type { Recent, Result } from '../../tasks/ledger/recent-results.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { sightOf } from '../access/channel-visibility.js';
import { type AnswerableInteraction, guildOf } from '../access/request-origin.js';
import type { SetRemovals } from '../delivery/sets/set-removals.js';
import type { Preview, ResultPreviews } from '../input/result-previews.js';
import type { Responder } from '../interactions/responder.js';
import type { Showcase } from '../showcase/showcase.js';
import { type GalleryPlace, type GalleryView, matches, perPage } from '../views/gallery-page.js';
import type { RemoteTasks } from './remote-tasks.js';

interface Deps {
  readonly recent: Recent;
  readonly ledger: Pick<Ledger, 'find' | 'markRemoved'>;
  readonly remoteTasks: Pick<RemoteTasks, 'has' | 'run'>;
  readonly responder: Pick<Responder, 'remove'>;
  readonly previews: ResultPreviews;
  readonly removeResult: SetRemovals['removeResult'];
  readonly stars: Pick<Stars, 'count'>;
  readonly showcase: Pick<Showcase, 'gone'>;
  readonly retentionMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** Recent results, from memory, with their files as Discord has them. */
export interface Gallery {
  /**
   * A page of the results of the guild that the user asks in, newest first, as far as they may see the channels;
   * elsewhere of their own. Private ones are in it for their own user alone.
   */
  page(interaction: AnswerableInteraction, place: GalleryPlace): Promise<GalleryView>;
  /** Ids of the models used there, the most used first; not only in what this user may see. */
  modelsUsed(interaction: AnswerableInteraction, kind?: Kind): readonly string[];
  /** Ids of the models of the results on its pages, the most used first. */
  modelsShown(interaction: AnswerableInteraction, kind?: Kind): Promise<readonly string[]>;
  /** The user's own clip that was posted last in this channel; undefined if there is none. */
  latestClip(interaction: AnswerableInteraction): TaskId | undefined;
  /** Deletes the message whose button was pressed, which shows the result of a task. @returns false if it was gone */
  remove(interaction: MessageComponentInteraction, id: TaskId): Promise<boolean>;
  /**
   * Takes one result of a set out of its message; the others stay.
   * @throws UserError if the message can't be changed any more, or not by this process.
   */
  removeOne(task: Task, number: number): Promise<void>;
  /** A message that showed this task, perhaps its result, was deleted. Never rejects. */
  noteDeleted(id: TaskId, messageId: string): Promise<void>;
  /** Messages of a guild were deleted. Never rejects. */
  noteDeletedIn(guildId: string, messageIds: readonly string[]): Promise<void>;
}

export function createGallery(deps: Deps): Gallery {
  const { recent, ledger, remoteTasks, responder, previews, removeResult, stars, retentionMs, now } = deps;
  const { noteDeleted, noteDeletedIn } = createDeletionNotes(deps);

  async function results(interaction: AnswerableInteraction): Promise<readonly Result[]> {
    const sight = sightOf(interaction);
    const { id: userId } = interaction.user;
    const all = recent
      .results(placeOf(interaction), now() - retentionMs)
      .filter((result) => !result.private || result.userId === userId);
    const seen = await Promise.all(all.map(({ channelId }) => sight(channelId)));
    return all.filter((_, at) => seen[at]);
  }

  const starsOf = ({ state }: Task) => (state.name === 'delivered' ? stars.count(state.posted.messageId) : 0);

  /** Starred ones alone, those with most stars first; among equals the newest. */
  function byStars(found: readonly Result[]): readonly Result[] {
    const counted = found.map((result) => ({ result, count: stars.count(result.messageId) }));
    const starred = counted.filter(({ count }) => count > 0).sort((one, other) => other.count - one.count);
    return starred.map(({ result }) => result);
  }

  /** Messages that were deleted while Easel was off: from now on they are left out. */
  async function noteVanished(tasks: readonly Task[], shown: readonly Preview[]): Promise<void> {
    for (const [index, { id, state }] of tasks.entries())
      if (state.name === 'delivered' && isDeleted(shown[index]))
        await noteDeleted(id, state.posted.messageId);
  }

  return {
    async page(interaction, { page, filter, sort }) {
      const found = (await results(interaction)).filter((result) => matches(filter, result));
      const matching = sort === 'stars' ? byStars(found) : found;
      const pages = Math.max(1, Math.ceil(matching.length / perPage));
      const at = Math.min(page, pages - 1);
      const listed = matching.slice(at * perPage, (at + 1) * perPage);
      const read = await Promise.all(listed.map(({ id }) => ledger.find(id)));
      // One result of a set may be deleted meanwhile: its message is still there.
      const tasks = read.flatMap((task) => (task && !task.removed ? [task] : []));
      const shown = await previews.of(tasks);
      await noteVanished(tasks, shown);
      return {
        entries: tasks.map((task, index) => ({
          task,
          preview: shown[index] ?? { gap: 'unloaded' },
          stars: starsOf(task),
        })),
        pages,
        of: guildOf(interaction) === undefined ? 'own' : 'server',
        place: { page: at, filter, ...(sort && { sort }) },
      };
    },
    latestClip: (interaction) => {
      const by = { userId: interaction.user.id, channelId: interaction.channelId ?? '' };
      return recent.latestClip(placeOf(interaction), by, now() - retentionMs);
    },
    modelsUsed: (interaction, kind) => recent.models(placeOf(interaction), kind),
    async modelsShown(interaction, kind) {
      const counts = new Map<string, number>();
      for (const result of await results(interaction))
        if (kind === undefined || result.kind === kind)
          counts.set(result.model, (counts.get(result.model) ?? 0) + 1);
      return [...counts].sort(([, one], [, other]) => other - one).map(([model]) => model);
    },
    async remove(interaction, id) {
      const isDeleted = await responder.remove(interaction);
      await noteDeleted(id, interaction.message.id);
      return isDeleted;
    },
    async removeOne(task, number) {
      if (remoteTasks.has(task)) throw new UserError({ key: 'error.away' });
      try {
        if (await removeResult(task, number)) await ledger.markRemoved(task.id);
      } catch (error) {
        throw error instanceof RouteClosedError ? new UserError({ key: 'erase.closed' }) : error;
      }
    },
    noteDeleted,
    noteDeletedIn,
  };
}

/** The user's own, in the channel where they are. */
function isDeleted(preview: Preview | undefined): boolean {
  return preview !== undefined && 'gap' in preview && preview.gap === 'deleted';
}

/** Marks the results that a deleted message showed, in the process that runs their task. */
function createDeletionNotes(deps: Deps): Pick<Gallery, 'noteDeleted' | 'noteDeletedIn'> {
  const { recent, ledger, remoteTasks, showcase, log } = deps;

  async function markRemoved(id: TaskId): Promise<void> {
    try {
      await ledger.markRemoved(id);
    } catch (error) {
      log.warn({ task: id, err: error }, 'the deletion of a result could not be saved');
    }
  }

  async function noteRemotely(task: Task, messageId: string): Promise<void> {
    if (await remoteTasks.run(task, { what: 'gone', messageId })) return;
    log.warn(
      { task: task.id },
      'the process that runs the task could not be told that its result was deleted',
    );
  }

  return {
    async noteDeleted(id, messageId) {
      const task = await ledger.find(id).catch(() => undefined);
      if (!task) return;
      if (remoteTasks.has(task)) return noteRemotely(task, messageId);
      const parts = await setOf(task, ledger).catch(() => [task]);
      const here = parts.filter(
        ({ state }) => state.name === 'delivered' && state.posted.messageId === messageId,
      );
      // An image and its follow-up video share one message.
      const others = recent.shownBy(task.origin, new Set([messageId]));
      for (const gone of new Set([...here.map((part) => part.id), ...others])) await markRemoved(gone);
      await showcase.gone([messageId]);
    },
    async noteDeletedIn(guildId, messageIds) {
      const place = { guildId, guildInstalled: true, userId: '' };
      for (const id of recent.shownBy(place, new Set(messageIds))) await markRemoved(id);
      await showcase.gone(messageIds);
    },
  };
}

function placeOf(interaction: AnswerableInteraction) {
  const guildId = guildOf(interaction);
  const userId = interaction.user.id;
  return { userId, guildInstalled: guildId !== undefined, ...(guildId !== undefined && { guildId }) };
}
