import type { Config } from '../config/config.js';
import { circumstancesIn, isSpoiler } from '../discord/access/guild-policy.js';
import { defaultSettings, type Settings } from '../guilds/settings.js';
import type { Notes } from '../media/metadata/metadata.js';
import type { Catalogue } from '../mps/catalogue/catalogue.js';
import type { PackingRules } from '../tasks/delivery/attachments.js';
import type { Task } from '../tasks/model/task.js';
import { lastChange } from '../tasks/model/task-record.js';

interface Deps {
  readonly config: Pick<Config, 'provenance'>;
  readonly catalogue: Pick<Catalogue, 'find'>;
  readonly settings: Pick<Settings, 'lastKnown'>;
}

/** What is written into a task's files: the guild's setting, else the operator's. */
export function createPackingRules({ config, catalogue, settings: known }: Deps) {
  return async (task: Task): Promise<PackingRules> => {
    const { guildId, guildInstalled } = task.origin;
    const asked = guildId !== undefined && guildInstalled ? known.lastKnown(guildId) : defaultSettings;
    const settings = await asked;
    const { provenance = config.provenance } = settings;
    const spoiler = isSpoiler(settings, circumstancesIn(task.origin));
    return { notes: notesOf(task, provenance, catalogue), spoiler };
  };
}

function notesOf(
  task: Task,
  provenance: Config['provenance'],
  catalogue: Pick<Catalogue, 'find'>,
): Notes | undefined {
  if (provenance === 'off') return undefined;
  const { id, request } = task;
  const model = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const notes = { model, madeAt: madeAt(task) };
  return provenance === 'full' ? { ...notes, prompt: request.prompt, taskId: id } : notes;
}

/** When it was seen to be finished, ms since the epoch. */
function madeAt(task: Task): number {
  return task.history.findLast(({ state }) => state === 'fetching')?.at ?? lastChange(task);
}
