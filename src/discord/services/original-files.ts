import { UserError } from '../../errors.js';
import { type Locale, text } from '../../locales/index.js';
import type { Log } from '../../log.js';
import type { Sources } from '../../tasks/delivery/original-lookup.js';
import type { UploadQueue } from '../../tasks/delivery/upload-queue.js';
import type { Extending } from '../../tasks/lifecycle/extending/extending.js';
import type { Task } from '../../tasks/model/task.js';
import { minute } from '../../util/time.js';
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
  /** Clips that were joined, in the quality of their parts. */
  readonly extending: Pick<Extending, 'original'>;
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
   * Sends the user, privately, a task's results as MPS made them, by whatever means are left; a joined clip whole.
   * @param options.part of a joined clip the new part alone
   * @throws UserError if nothing is known about them.
   */
  show(
    interaction: AnswerableInteraction,
    task: Task,
    locale: Locale,
    options?: { readonly part?: true },
  ): Promise<void>;
}

/** Longest wait for a clip that is joined again, ms: Discord takes no answer later than that. */
const joinPatienceMs = 13 * minute;

/** Provides unmodified results: as files if they fit, else as links that still work. */
export function createOriginalFiles(deps: Deps): OriginalFiles {
  const { sources, transfers, responder, rests, log, now } = deps;
  const answers = createAnswers(rests);
  const postWhole = createWholePosting(deps, answers);

  async function post(interaction: AnswerableInteraction, task: Task, locale: Locale, why?: string) {
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
      const first = why ?? (files.length > 0 ? text(locale, 'original.here') : undefined);
      const card = drawLines([...(first === undefined ? [] : [first]), ...lines]);
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
    async show(interaction, task, locale, { part } = {}) {
      // Moderators decide about it first, or have rejected it.
      const isOut = task.state.name === 'delivering' || task.state.name === 'delivered';
      if (!task.results || !isOut) throw new UserError({ key: 'error.button.gone' });
      await responder.defer(interaction, { private: true });
      try {
        const whole = part ? 'none' : await postWhole(interaction, task, locale);
        if (whole !== 'posted')
          await post(interaction, task, locale, whole === 'none' ? undefined : whole.why);
      } catch (error) {
        const known = toUserError(error, interaction, log);
        await answers.edit(originOf(interaction, now()), drawUserError(known, locale), []);
      }
    },
  };
}

/** Posts a joined clip whole, or says why it can't; `none`: it is no such clip. */
function createWholePosting(
  { extending, transfers, log, now }: Deps,
  answers: ReturnType<typeof createAnswers>,
) {
  return async function postWhole(
    interaction: AnswerableInteraction,
    task: Task,
    locale: Locale,
  ): Promise<'none' | 'posted' | { readonly why: string }> {
    const { whole } = task;
    if (!whole || 'missing' in whole) return 'none';
    const origin = originOf(interaction, now());
    const tooLarge = { why: text(locale, 'original.wholeTooLarge', { size: inMebibytes(whole.bytes) }) };
    if (whole.bytes > origin.sizeLimit) return tooLarge;
    const held = await extending.original(task, { signal: AbortSignal.timeout(joinPatienceMs) });
    if ('missing' in held) return { why: text(locale, `card.unjoined.${held.missing}`) };
    try {
      if (held.file.bytes > origin.sizeLimit) return tooLarge;
      const { prompt } = task.request;
      const [name, title] = [fileName(prompt, held.file.type, 1), fileTitle(prompt, 1)];
      const card = drawLines([text(locale, 'card.joined', { seconds: Math.round(whole.seconds) })]);
      const file = { file: held.file, name, title, description: '' };
      await transfers.run(held.file.bytes, () => answers.edit(origin, card, [file]));
      return 'posted';
    } catch (error) {
      log.info({ task: task.id, err: error }, 'a joined original could not be posted');
      return tooLarge;
    } finally {
      await held.release();
    }
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
