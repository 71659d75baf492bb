import { UserError } from '../../errors.js';
import { type Locale, text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Sources } from '../../tasks/delivery/original-lookup.js';
import type { UploadQueue } from '../../tasks/delivery/upload-queue.js';
import type { Task } from '../../tasks/model/task.js';
import { type AnswerableInteraction, originOf } from '../access/request-origin.js';
import { createAnswers } from '../delivery/answer-message.js';
import type { Responder } from '../interactions/responder.js';
import { toUserError } from '../interactions/user-errors.js';
import type { Rests } from '../rest/clients.js';
import type { NamedFile } from '../rest/uploads.js';
import { fileName, fileTitle } from '../views/file-names.js';
import { type Card, drawLines, drawUserError } from '../views/message.js';
import { inMebibytes, linkText } from '../views/resize-notes.js';

interface Deps {
  readonly sources: Sources;
  /** The upload queue, shared with results. */
  readonly transfers: UploadQueue;
  readonly responder: Pick<Responder, 'defer'>;
  readonly rests: Rests;
  readonly log: Log;
  readonly now: () => number;
}

/** Attachments of one message at most (Discord docs: "Create Message"). */
const maxFiles = 10;

export interface OriginalFiles {
  /**
   * Sends the user, privately, a task's results as MPS made them, by whatever means are left.
   * @throws UserError if nothing is known about them.
   */
  show(interaction: AnswerableInteraction, task: Task, locale: Locale): Promise<void>;
}

/** Provides unmodified results: as files if they fit, else as links that still work. */
export function createOriginalFiles(deps: Deps): OriginalFiles {
  const { sources, transfers, responder, rests, log, now } = deps;
  const answers = createAnswers(rests);

  async function post(interaction: AnswerableInteraction, task: Task, locale: Locale): Promise<void> {
    const origin = originOf(interaction, now());
    const files: NamedFile[] = [];
    const found = await sources.find(task, { maxBytes: origin.sizeLimit });
    try {
      const { prompt } = task.request;
      const lines = found.flatMap((one, index) => {
        const { file } = one;
        if (!file || files.length === maxFiles) return [elsewhere(task, one, index, locale)];
        const number = numberOf(task, index);
        const name = fileName(prompt, file.type, number);
        files.push({ file, name, title: fileTitle(prompt, number), description: '' });
        return [];
      });
      const card = drawLines([...(files.length > 0 ? [text(locale, 'original.here')] : []), ...lines]);
      const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0);
      const edit = () => answers.edit(origin, card, files);
      await transfers.run(bytes, edit).catch((error: unknown) => {
        if (files.length === 0) throw error;
        // Refused after all; the links remain.
        log.info({ task: task.id, err: error }, 'originals could not be posted');
        return answers.edit(origin, allElsewhere(task, found, locale), []);
      });
    } finally {
      await sources.release(found);
    }
  }

  return {
    async show(interaction, task, locale) {
      // Moderators decide about it first, or have rejected it.
      const isOut = task.state.name === 'delivering' || task.state.name === 'delivered';
      if (!task.results || !isOut) throw new UserError({ key: 'error.button.gone' });
      await responder.defer(interaction, { private: true });
      try {
        await post(interaction, task, locale);
      } catch (error) {
        const known = toUserError(error, interaction, log);
        await answers.edit(originOf(interaction, now()), drawUserError(known, locale), []);
      }
    },
  };
}

type Found = Awaited<ReturnType<Sources['find']>>[number];

function allElsewhere(task: Task, found: readonly Found[], locale: Locale): Card {
  return drawLines(found.map((one, index) => elsewhere(task, one, index, locale)));
}

/** Where to find a result that can't be posted. */
function elsewhere(task: Task, found: Found, index: number, locale: Locale): string {
  const { link, archived, unusable } = found;
  const number = numberOf(task, index);
  const size = inMebibytes(task.results?.files[index]?.bytes ?? 0);
  const instant = (at: number) => `<t:${Math.round(at / 1000)}:f>`;
  if (link) {
    const until = instant(link.until);
    return text(locale, 'original.link', { number, size, link: linkText(link.url), until });
  }
  if (archived !== undefined) return text(locale, 'original.archived', { number, size, name: archived });
  if (unusable) return text(locale, 'original.unusable', { number });
  const expiry = task.results?.linksExpireAt;
  if (expiry === undefined) return text(locale, 'original.removed', { number });
  return text(locale, 'original.gone', { number, until: instant(expiry) });
}

/** As in the message: the results of a set are numbered through. */
function numberOf({ set }: Task, index: number): number {
  return (set?.before ?? 0) + index + 1;
}
