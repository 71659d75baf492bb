import type { Log } from '../../log.js';
import type { Ledger } from '../../tasks/ledger/ledger.js';
import type { Recent } from '../../tasks/ledger/recent-results.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { sightOf } from '../access/channel-visibility.js';
import { type AnswerableInteraction, guildOf } from '../access/request-origin.js';
import type { Easel } from '../interactions/command.js';
import type { Elsewhere } from './remote-tasks.js';

interface Deps {
  readonly recent: Recent;
  readonly ledger: Pick<Ledger, 'find' | 'markRemoved'>;
  readonly elsewhere: Pick<Elsewhere, 'has' | 'run'>;
  readonly retentionMs: number;
  readonly log: Log;
  readonly now: () => number;
}

/** What was made lately where somebody is, as far as they may see it. */
export type Gallery = Pick<Easel, 'results' | 'modelsUsed' | 'sight'> & {
  /** A message is gone that showed this task, perhaps its result. Never rejects. */
  noteGone(id: TaskId, messageId: string): Promise<void>;
  /** Messages of a guild are gone. Never rejects. */
  noteRemoved(guildId: string, messageIds: readonly string[]): Promise<void>;
};

export function createGallery({ recent, ledger, elsewhere, retentionMs, log, now }: Deps): Gallery {
  async function markRemoved(id: TaskId): Promise<void> {
    try {
      await ledger.markRemoved(id);
    } catch (error) {
      log.warn({ task: id, err: error }, 'that a result was deleted could not be written down');
    }
  }

  async function noteElsewhere(task: Task, messageId: string): Promise<void> {
    if (await elsewhere.run(task, { what: 'gone', messageId })) return;
    log.warn(
      { task: task.id },
      'that a result was deleted could not be told to the process that runs its task',
    );
  }

  const placeOf = (interaction: AnswerableInteraction) => {
    const guildId = guildOf(interaction);
    const userId = interaction.user.id;
    return { userId, guildInstalled: guildId !== undefined, ...(guildId !== undefined && { guildId }) };
  };
  return {
    sight: sightOf,
    async results(interaction) {
      const sight = sightOf(interaction);
      const all = recent.results(placeOf(interaction), now() - retentionMs);
      const seen = await Promise.all(all.map(({ channelId }) => sight(channelId)));
      return all.filter((_, at) => seen[at]);
    },
    modelsUsed: (interaction, kind) => recent.models(placeOf(interaction), kind),
    async noteGone(id, messageId) {
      const task = await ledger.find(id).catch(() => undefined);
      if (!task) return;
      if (elsewhere.has(task)) return noteElsewhere(task, messageId);
      const isHere = task.state.name === 'delivered' && task.state.posted.messageId === messageId;
      // A picture and the clip that was made of it hang in one message.
      const others = recent.shownBy(task.origin, new Set([messageId]));
      for (const gone of new Set([...(isHere ? [id] : []), ...others])) await markRemoved(gone);
    },
    async noteRemoved(guildId, messageIds) {
      const place = { guildId, guildInstalled: true, userId: '' };
      for (const id of recent.shownBy(place, new Set(messageIds))) await markRemoved(id);
    },
  };
}
