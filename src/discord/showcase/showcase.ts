import { Routes } from 'discord.js';
import { UserError } from '../../errors.js';
import type { ShowcasePost, Starred } from '../../showcase/star-record.js';
import { starsOf } from '../../showcase/star-record.js';
import type { Summary } from '../../showcase/stars.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { sleep } from '../../util/abort.js';
import { createOrder } from '../../util/keyed-lock.js';
import { requireGuild } from '../access/permissions.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { mayStay, type ShowcaseDeps, show, takeDown } from './showing.js';

/** The emoji that counts. */
export const star = '⭐';

/** Where a reaction was given or taken back. */
export interface ReactedMessage {
  readonly guildId: string;
  readonly channelId: string;
  readonly messageId: string;
}

/** What pressing the star did. */
export interface StarOutcome {
  readonly isOn: boolean;
  /** It still counts, because the user reacted with a star too. */
  readonly stillReacted: boolean;
  readonly stars: number;
  /** Stars that the showcase asks for; undefined if there is none here. */
  readonly needed: number | undefined;
  readonly showcaseId: string | undefined;
}

/** Stars under results, and the channel in which a guild shows the ones that its members like. */
export interface Showcase {
  /** @throws UserError; StoreError */
  press(
    interaction: AnswerableInteraction & { readonly message: { readonly id: string } },
    task: Task,
  ): Promise<StarOutcome>;
  /** Someone reacted with a star, or took it back. Never rejects. */
  reacted(message: ReactedMessage): Promise<void>;
  /** Messages of a guild were deleted: originals, or posts in the showcase. Never rejects. */
  gone(messageIds: readonly string[]): Promise<void>;
  /** A channel was deleted, and all messages with it. Never rejects. */
  channelGone(channelId: string): Promise<void>;
  /** Takes back a user's stars, and takes down their work. @throws StoreError */
  forget(userId: string): Promise<void>;
  /** Takes down a user's work, in one guild or everywhere, whichever process serves it. Never rejects. */
  withdraw(userId: string, guildId?: string): Promise<void>;
  /** A guild has removed Easel. Never rejects. */
  remove(guildId: string): Promise<void>;
  /** Finishes what a restart interrupted. Never rejects. */
  resume(): Promise<void>;
}

/** Posts whose originals are looked for after a start, the newest ones. */
const mostReviewed = 200;

export function createShowcase(deps: ShowcaseDeps): Showcase {
  const { stars, settings, log, signal } = deps;
  const inOrder = createOrder();

  /** Everything about one message, one thing after the other. */
  async function quietly(messageId: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await inOrder(messageId, work);
    } catch (error) {
      if (!signal.aborted)
        log.warn({ message: messageId, err: error }, 'a starred result could not be handled');
    }
  }

  return {
    ...createRemovals(deps, quietly),
    async press(interaction, task) {
      const guildId = requireGuild(interaction);
      const { id: userId } = interaction.user;
      const { id: messageId } = interaction.message;
      const { channelId } = interaction;
      const starred = channelId ? starredBy(task, { guildId, channelId, messageId }) : undefined;
      if (!starred) throw new UserError({ key: 'star.error.private' });
      if (starred.authorId === userId) throw new UserError({ key: 'star.error.own' });
      const row = await inOrder(messageId, () => stars.toggle(starred, userId));
      void quietly(messageId, () => show(deps, messageId));
      const { showcase } = await settings.get(guildId);
      return {
        isOn: row.pressed.includes(userId),
        stillReacted: row.reacted.includes(userId),
        stars: starsOf(row).length,
        needed: showcase?.threshold,
        showcaseId: showcase?.channelId,
      };
    },
    reacted: (message) =>
      quietly(message.messageId, async () => {
        const task = await taskShownBy(deps, message);
        const starred = task && starredBy(task, message);
        if (starred && (await stars.setReacted(starred, await reactorsTo(deps, message))))
          await show(deps, message.messageId);
      }),
    async resume() {
      const isOpen = ({ post, guildId }: Summary) => isUnfinished(post) && deps.serves(guildId);
      for (const id of stars.list(isOpen))
        await quietly(id, async () => {
          const row = await stars.find(id);
          if (row?.post?.state === 'posting') await show(deps, id);
          else if (row) await takeDown(deps, row);
        });
      await review(deps, quietly);
    },
  };
}

type Quietly = (messageId: string, work: () => Promise<unknown>) => Promise<void>;

/** Takes down what has lost its original, or may no longer be shown, while Easel was off. */
async function review(deps: ShowcaseDeps, quietly: Quietly): Promise<void> {
  const { stars, serves, signal, apartMs = 200 } = deps;
  const isShown = ({ post, guildId }: Summary) =>
    post?.state === 'posted' && !post.removing && serves(guildId);
  for (const id of stars.list(isShown).slice(0, mostReviewed)) {
    if (signal.aborted) return;
    await quietly(id, async () => {
      const row = await stars.find(id);
      if (row?.post?.state === 'posted' && !(await mayStay(deps, row))) await takeDown(deps, row);
    });
    await sleep(apartMs, signal, { ref: false }).catch(() => {});
  }
}

/** What takes posts and stars away. */
function createRemovals(
  deps: ShowcaseDeps,
  quietly: Quietly,
): Pick<Showcase, 'gone' | 'channelGone' | 'forget' | 'withdraw' | 'remove'> {
  const { stars } = deps;

  /** Takes down what these messages' posts show. `forget`: their stars go, too. */
  async function withdrawAll(ids: readonly string[], forget: boolean): Promise<void> {
    for (const id of ids)
      await quietly(id, async () => {
        const row = await stars.find(id);
        if (row) await takeDown(deps, row, { forget });
      });
  }

  const idsOf = async (userId: string, guildId?: string) =>
    (await stars.ofAuthor(userId, guildId)).map(({ messageId }) => messageId);

  /** Someone else deleted the post of a starred message. */
  const noteTakenDown = (original: string) =>
    quietly(original, async () => {
      const row = await stars.find(original);
      if (row?.post?.state !== 'posted' || row.post.removing) return;
      if (await stars.swapPost(original, row.post, { state: 'withdrawn' })) deps.onTakenDown(row);
    });

  return {
    async gone(messageIds) {
      for (const id of messageIds) {
        const original = stars.originalOf(id);
        if (original !== undefined) await noteTakenDown(original);
      }
      await withdrawAll(stars.known(messageIds), true);
    },
    channelGone: (channelId) =>
      withdrawAll(
        stars.list((one) => one.channelId === channelId),
        true,
      ),
    async forget(userId) {
      await stars.forget(userId);
      await withdrawAll(await idsOf(userId), true);
    },
    async withdraw(userId, guildId) {
      try {
        await withdrawAll(await idsOf(userId, guildId), false);
      } catch (error) {
        deps.log.warn({ err: error }, "a member's work could not be taken down; trying at the next start");
      }
    },
    async remove(guildId) {
      for (const id of stars.list((one) => one.guildId === guildId))
        await quietly(id, () => stars.remove(id));
    },
  };
}

function isUnfinished(post: ShowcasePost | undefined): boolean {
  return post?.state === 'posting' || (post?.state === 'posted' && post.removing === true);
}

async function taskShownBy(
  { recent, stars, ledger }: ShowcaseDeps,
  { guildId, messageId }: ReactedMessage,
): Promise<Task | undefined> {
  const place = { guildId, guildInstalled: true, userId: '' };
  // Of a set the first one: the parts of one message have one id but for their number.
  const [first] = [...recent.shownBy(place, new Set([messageId]))].sort();
  const id: TaskId | undefined = (await stars.find(messageId))?.taskId ?? first;
  return id && ledger.find(id);
}

/** Discord gives a hundred at a time; more don't change what is shown. */
async function reactorsTo(
  { rests }: ShowcaseDeps,
  { channelId, messageId }: ReactedMessage,
): Promise<readonly string[]> {
  const query = new URLSearchParams({ limit: '100' });
  const route = Routes.channelMessageReaction(channelId, messageId, encodeURIComponent(star));
  const users = (await rests.bot.get(route, { query })) as { id: string; bot?: boolean }[];
  return users.filter(({ bot }) => !bot).map(({ id }) => id);
}

/** What is starred in a message with a public result of a guild; undefined for anything else. */
function starredBy(task: Task, message: ReactedMessage): Starred | undefined {
  const { origin, state, id } = task;
  const { guildId, channelId, messageId } = message;
  if (origin.guildId !== guildId || !origin.guildInstalled || origin.private) return undefined;
  // A button is there a moment before its task knows of it.
  const isHere =
    state.name === 'delivering' || (state.name === 'delivered' && state.posted.messageId === messageId);
  return isHere ? { guildId, channelId, messageId, taskId: id, authorId: origin.userId } : undefined;
}
