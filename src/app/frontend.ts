import { reply } from '../../commands/generate/mention.js';
import { everything } from '../../commands/index.js';
import { createContentIntent } from '../discord/gateway/content-intent.js';
import { createGateway } from '../discord/gateway/gateway.js';
import { createDispatcher } from '../discord/interactions/dispatcher.js';
import { createInFlight, type InFlight } from '../discord/interactions/in-flight.js';
import { isContentGranted } from '../discord/rest/application-info.js';
import { createDepartedGuilds } from '../discord/services/departed-guilds.js';
import { readGreetingPicture } from '../discord/services/greetings/greeting-picture.js';
import { createGreetings, type Greetings } from '../discord/services/greetings/greetings.js';
import { createMentionHandler } from '../discord/services/mention-handler.js';
import { createRemoteRequests } from '../discord/services/remote-requests.js';
import { star } from '../discord/showcase/showcase.js';
import { createServices, type ServicesDeps } from './services.js';

type Deps = Omit<ServicesDeps, 'signal'> & { readonly onClosedForGood: (code: number) => void };

/** Everything that receives orders: commands, buttons, forms and mentions. */
export function createFrontend(deps: Deps) {
  const { cluster, works, log } = deps;
  const { ledger, runner } = works;
  const closing = new AbortController();
  const services = createServices({ ...deps, signal: closing.signal });
  const { gallery, heldResults, dataDeletion, drafts, proposals, mentions, reports } = services;
  const inFlight = createInFlight();
  const gateway = gatewayOf(deps, services, { inFlight, signal: closing.signal });
  return {
    gateway,
    inFlight,
    drafts,
    proposals,
    mentions,
    reports,
    /**
     * Starts serving requests of other processes, and resumes deletions of messages; unfinished tasks are loaded by now.
     */
    serveOthers() {
      const { take } = heldResults;
      const { noteDeleted } = gallery;
      const { forgetUserHere: forget } = dataDeletion;
      const work = createRemoteRequests({ ledger, runner, take, noteDeleted, forget });
      cluster.errands?.serve(work, closing.signal);
      void services.messageDeletion.resume();
      void services.moderation.removals.resume();
      void services.moderation.logBook.catchUp();
      works.settings.settle().catch((error: unknown) => {
        log.warn({ err: error }, 'changes of settings could not be put on record');
      });
      void works.reviewCopies.resume();
      void reports.resume();
      void services.showcase.resume();
    },
    /** Stops taking orders, and stops cleaning up after guilds that removed Easel. */
    close() {
      inFlight.close();
      closing.abort();
      works.stopReviewCopies();
    },
  };
}

interface Watching {
  readonly inFlight: InFlight;
  /** Ends background work. */
  readonly signal: AbortSignal;
}

/** The gateway, and who hears of its events. */
function gatewayOf(deps: Deps, services: ReturnType<typeof createServices>, { inFlight, signal }: Watching) {
  const { bot, responder, deletedTargets, gallery, reviews, showcase, dataDeletion } = services;
  const { config, store, cluster, works, log } = deps;
  const { settings, ledger, rests } = works;
  const { access } = config;
  const { guilds } = bot;
  const { locale } = guilds;
  const { forgetGuild } = dataDeletion;
  const table = store.table('identity');
  const lookForGone = createDepartedGuilds({
    table,
    settings,
    others: works.guildStyles.keys,
    ledger,
    forgetGuild,
    signal,
    log,
  });
  const greetings = greetingsOf(deps, services, signal);
  return createGateway({
    ...config.discord,
    onInteraction: createDispatcher({ ...everything, bot, locale, responder, access, inFlight, log }),
    onMention: createMentionHandler({ command: reply, bot, guilds, config, access, rests, inFlight, log }),
    onGuildGone: forgetGuild,
    async onPartGone(guildId, id) {
      await Promise.all([deletedTargets.note(guildId, id), showcase.channelGone(id)]);
    },
    onGuildJoined: greetings.joined,
    async onGuildsNamed(guilds) {
      await Promise.all([lookForGone(guilds), greetings.named(guilds)]);
    },
    async onMessagesGone(guildId, messageIds) {
      reviews.noteGone(guildId, messageIds);
      await gallery.noteDeletedIn(guildId, messageIds);
    },
    async onReaction({ emoji, ...message }) {
      if (emoji === star) await showcase.reacted(message);
    },
    onClosedForGood: deps.onClosedForGood,
    content: createContentIntent({
      setting: config.discord.messageContent,
      readGranted: () => isContentGranted(rests.bot),
      log,
    }),
    identify: cluster.identify,
    guard: rests.guard,
    log,
  });
}

/** The greeting of new servers. */
function greetingsOf(
  { config, store, works, log, now }: Deps,
  { mentions }: ReturnType<typeof createServices>,
  signal: AbortSignal,
): Greetings {
  const { settings, rests } = works;
  const { access } = config;
  const kinds = (['image', 'video'] as const).filter((kind) => config[kind].enabled);
  const view = { kinds, mentionOf: mentions.of };
  const table = store.table('greeted');
  return createGreetings({
    table,
    settings,
    rests,
    access,
    view,
    known: mentions.known,
    picture: readGreetingPicture,
    signal,
    log,
    now,
  });
}
