import type { Interaction } from 'discord.js';
import { UserError } from '../../errors.js';
import type { Locale } from '../../locales/index.js';
import type { Log } from '../../log.js';
import { isFenced } from '../../store/store.js';
import type { Access } from '../../tasks/model/operator-access.js';
import type { AnswerableInteraction } from '../access/request-origin.js';
import { createDuplicateFilter } from '../gateway/duplicate-events.js';
import { alreadyAcknowledged, codeOf, isThreadShut } from '../rest/errors.js';
import { drawUserError } from '../views/message.js';
import type { Commands } from './command.js';
import type { InFlight } from './in-flight.js';
import type { Responder } from './responder.js';
import { type Answered, createRouter, isAnswered } from './router.js';
import { toUserError } from './user-errors.js';

interface Deps<Bot> extends Commands<Bot> {
  readonly bot: Bot;
  /** The language to answer in. Never rejects. */
  readonly locale: (interaction: AnswerableInteraction) => Promise<Locale>;
  readonly responder: Pick<Responder, 'whisper' | 'direct' | 'suggest'>;
  readonly access: Access;
  readonly inFlight: Pick<InFlight, 'enter' | 'requireOpen' | 'isAbandoned'>;
  readonly log: Log;
}

/** Most suggestions Discord shows for an option. */
const maxRows = 25;

/** Logged once for each thread. */
const unanswerable =
  'commands in a thread cannot be answered there: it is locked or archived, and Easel may not manage threads';
const leftToOther = 'an interaction is left to the process that has taken over';

/** Runs what an interaction asks for; the one place where its errors end. Never throws. */
export function createDispatcher<Bot>(deps: Deps<Bot>) {
  const { responder, inFlight, log } = deps;
  const router = createRouter(deps);
  const duplicates = createDuplicateFilter();
  const answer = createErrorAnswers(deps);

  async function run(interaction: Answered): Promise<void> {
    try {
      inFlight.requireOpen();
      await router.run(interaction);
    } catch (error) {
      // The process that has taken over received it as well; what this one says of its own end concerns no one.
      if (isFenced(error) || inFlight.isAbandoned()) return log.info({ event: interaction.id }, leftToOther);
      await answer(interaction, error);
    }
  }

  async function serve(interaction: Interaction): Promise<void> {
    try {
      if (isAnswered(interaction)) return await run(interaction);
      if (!interaction.isAutocomplete()) return;
      const rows = await router.complete(interaction);
      await responder.suggest(interaction, rows.slice(0, maxRows));
    } catch (error) {
      // Answered before a restart: Discord sent the event again.
      const level = codeOf(error) === alreadyAcknowledged ? 'debug' : 'warn';
      const guild = interaction.guildId ?? undefined;
      log[level]({ event: interaction.id, guild, err: error }, 'an interaction could not be answered');
    }
  }

  return async (interaction: Interaction): Promise<void> => {
    // If it were handled twice, the slower answer would be rejected, and a command's changes would happen twice.
    if (duplicates.isFirst(interaction.id)) return inFlight.enter(() => serve(interaction));
    log.info({ event: interaction.id }, 'duplicate INTERACTION_CREATE ignored');
  };
}

/** Tells users what went wrong. */
function createErrorAnswers<Bot>({ responder, locale, log }: Deps<Bot>) {
  const shutThreads = createDuplicateFilter();

  /** A locked or archived thread accepts no answer; a direct message reaches the user. */
  async function answerDirectly(interaction: Answered, error: UserError): Promise<void> {
    const { channelId: thread, user } = interaction;
    if (thread && shutThreads.isFirst(thread)) log.warn({ thread }, unanswerable);
    await responder.direct(interaction, user.id, drawUserError(error, await locale(interaction)));
  }

  return async (interaction: Answered, error: unknown): Promise<void> => {
    if (isThreadShut(error, interaction))
      return answerDirectly(interaction, new UserError({ key: 'error.thread.locked' }));
    const known = toUserError(error, interaction, log);
    try {
      await responder.whisper(interaction, drawUserError(known, await locale(interaction)));
    } catch (refused) {
      if (!isThreadShut(refused, interaction)) throw refused;
      await answerDirectly(interaction, known);
    }
  };
}
