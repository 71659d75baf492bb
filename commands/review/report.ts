import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type MessageContextMenuCommandInteraction,
} from 'discord.js';
import { requireGuild } from '../../src/discord/access/permissions.js';
import { customIdsIn } from '../../src/discord/input/message-components.js';
import type { MessageCommand } from '../../src/discord/interactions/command.js';
import type { ReportedFile } from '../../src/discord/review/report-post.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { parseCustomId } from '../../src/discord/views/custom-ids.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { localizations, text } from '../../src/locales/index.js';
import { findNext } from '../../src/tasks/ledger/follow-up.js';
import { setOf } from '../../src/tasks/ledger/order-parts.js';
import type { Task } from '../../src/tasks/model/task.js';

type Interaction = MessageContextMenuCommandInteraction;

/** Apps › Report, on a result: for every member of a server. */
export const reportMessage = {
  name: 'Report',
  everywhere: true,
  data: () => ({
    type: ApplicationCommandType.Message,
    name: 'Report',
    name_localizations: localizations('menu.report'),
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  }),

  async run(interaction, bot: Uses<'tasks' | 'guilds' | 'deferred' | 'reports'>) {
    const guildId = requireGuild(interaction);
    const tasks = await tasksIn(interaction, guildId, bot);
    if (tasks.length === 0) throw new UserError({ key: 'report.error.notMine' });
    const { channelId, id: messageId } = interaction.targetMessage;
    const reported = { guildId, at: { channelId, messageId }, tasks, files: filesIn(interaction) };
    // A copy may take longer than Discord waits.
    await bot.deferred.whisper(interaction, async () => {
      await bot.reports.report(interaction.user.id, reported);
      return { card: drawLines([text(await bot.guilds.locale(interaction), 'report.done')]) };
    });
  },
} satisfies MessageCommand<Bot>;

/** The tasks whose results the message shows: a set, or a picture and its clip. */
async function tasksIn(
  { targetMessage }: Interaction,
  guildId: string,
  { tasks }: Uses<'tasks'>,
): Promise<readonly Task[]> {
  const found = new Map<string, Task>();
  for (const id of customIdsIn(targetMessage.components)) {
    const button = parseCustomId(id);
    const named = button && (await tasks.find(button.id));
    if (!named) continue;
    const find = (one: Task['id']) => tasks.find(one);
    const parts = await setOf(named, { find });
    const clips = await Promise.all(parts.map((part) => findNext(part.id, find)));
    for (const task of [...parts, ...clips])
      if (task && isShown(task, guildId, targetMessage.id)) found.set(task.id, task);
  }
  return [...found.values()];
}

/** A custom id proves nothing: the message has to be the task's own. */
function isShown({ state, origin, removed }: Task, guildId: string, messageId: string): boolean {
  const isHere = state.name === 'delivered' && state.posted.messageId === messageId;
  return origin.guildId === guildId && isHere && !removed;
}

function filesIn({ targetMessage }: Interaction): ReportedFile[] {
  return [...targetMessage.attachments.values()].map(({ url, contentType }) => ({
    url,
    kind: contentType?.startsWith('video/') ? 'video' : 'image',
  }));
}
