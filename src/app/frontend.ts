import { reply } from '../../commands/generate/mention.js';
import { everything } from '../../commands/index.js';
import { createContentIntent } from '../discord/gateway/content-intent.js';
import { createGateway } from '../discord/gateway/gateway.js';
import { createDispatcher } from '../discord/interactions/dispatcher.js';
import { createInFlight } from '../discord/interactions/in-flight.js';
import { isContentGranted } from '../discord/rest/application-info.js';
import { createDepartedGuilds } from '../discord/services/departed-guilds.js';
import { createMentionHandler } from '../discord/services/mention-handler.js';
import { createRemoteRequests } from '../discord/services/remote-requests.js';
import { createServices, type ServicesDeps } from './services.js';

type Deps = Omit<ServicesDeps, 'signal'> & { readonly onClosedForGood: (code: number) => void };

/** Everything that receives orders: commands, buttons, forms and mentions. */
export function createFrontend(deps: Deps) {
  const { config, store, cluster, works, log } = deps;
  const { settings, ledger, runner, rests } = works;
  const { access } = config;
  const closing = new AbortController();
  const services = createServices({ ...deps, signal: closing.signal });
  const { bot, responder, deletedTargets, gallery, heldResults, dataDeletion, drafts, proposals } = services;
  const { guilds } = bot;
  const { forgetGuild } = dataDeletion;
  const inFlight = createInFlight();
  const gateway = createGateway({
    ...config.discord,
    onInteraction: createDispatcher({
      ...everything,
      bot,
      locale: guilds.locale,
      responder,
      access,
      inFlight,
      log,
    }),
    onMention: createMentionHandler({ command: reply, bot, guilds, config, access, rests, inFlight, log }),
    onGuildGone: forgetGuild,
    onPartGone: deletedTargets.note,
    onGuildsNamed: createDepartedGuilds({
      table: store.table('identity'),
      settings,
      ledger,
      forgetGuild,
      signal: closing.signal,
      log,
    }),
    onMessagesGone: gallery.noteDeletedIn,
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
  return {
    gateway,
    inFlight,
    drafts,
    proposals,
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
    },
    /** Stops taking orders, and stops cleaning up after guilds that removed Easel. */
    close() {
      inFlight.close();
      closing.abort();
    },
  };
}
