import { reply } from '../../commands/generate/mention.js';
import { everything } from '../../commands/index.js';
import { createGateway } from '../discord/gateway/gateway.js';
import type { Easel } from '../discord/interactions/command.js';
import { createDispatch } from '../discord/interactions/dispatcher.js';
import { createGate } from '../discord/interactions/in-flight.js';
import { createDrafts } from '../discord/interactions/modal-drafts.js';
import { createResponder } from '../discord/interactions/responder.js';
import { createVanished } from '../discord/services/deleted-targets.js';
import { createAbsence } from '../discord/services/departed-guilds.js';
import { createGallery } from '../discord/services/gallery.js';
import { createDesk } from '../discord/services/guild-service.js';
import { createHearing } from '../discord/services/mention-handler.js';
import { createOriginals } from '../discord/services/original-files.js';
import { createOrders } from '../discord/services/place-order.js';
import { createErrandWork } from '../discord/services/remote-requests.js';
import { createElsewhere } from '../discord/services/remote-tasks.js';
import { createTickets } from '../discord/services/task-service.js';
import { drawForm } from '../discord/views/order-modal.js';
import { createOriginalSources } from '../tasks/delivery/original-sources.js';
import { stickerHost } from './cos-paths.js';
import type { Base, Works } from './pipeline.js';

type Deps = Pick<Base, 'config' | 'catalogue' | 'store' | 'cluster' | 'log' | 'now'> & {
  readonly works: Works;
  readonly onClosedForGood: (code: number) => void;
};

/** Everything before an order: commands, buttons, forms and mentions, as Discord sends them. */
export function createFront({ config, catalogue, store, cluster, works, onClosedForGood, log, now }: Deps) {
  const { settings, ceiling, budget, ledger, recent, files, linked, transfers } = works;
  const { hints, sourcesIn, rests, uploadLimits, delivery, bucket, admission, runner, queue, poller } = works;
  const responder = createResponder(rests);
  const elsewhere = createElsewhere(cluster);
  const { timeZone } = config.quota;
  const vanished = createVanished({ settings, log });
  const desk = createDesk({
    vanished,
    settings,
    budget,
    ledger,
    responder,
    elsewhere,
    offer: { catalogue, config },
    ceiling,
    timeZone,
    log,
    now,
  });
  const order = createOrders({
    admission,
    ledger,
    runner,
    responder,
    delivery,
    catalogue,
    rules: desk.rules,
    log,
    now,
  });
  const originals = createOriginals({
    sources: createOriginalSources({ fetcher: linked, archive: files.archive, bucket, log, now }),
    ...{ transfers, responder, rests, log, now },
  });
  const { take, ...tickets } = createTickets({
    ...{ ledger, runner, queue, poller, responder, elsewhere, locale: desk.locale, log, now },
  });
  const gallery = createGallery({ recent, ledger, elsewhere, retentionMs: config.retentionMs, log, now });
  const drafts = createDrafts({ table: store.table('drafts'), log, now });
  const cdn = stickerHost(config.discord.apiUrl);
  const easel: Easel = {
    ...{ config, catalogue, order, ...originals, ...tickets, ...gallery, ...desk, drafts, cdn, sourcesIn },
    async remove(interaction, id) {
      await responder.remove(interaction);
      await gallery.noteGone(id, interaction.message.id);
    },
    async forget(userId) {
      await drafts.forget(userId);
      await uploadLimits.forget(userId);
      await hints.forget(userId);
      return desk.forget(userId);
    },
    openForm: (interaction, form) => responder.open(interaction, drawForm(form, form.locale)),
  };
  const gate = createGate();
  const dispatch = createDispatch({ ...everything, easel, responder, access: config.access, gate, log });
  const onMention = createHearing({
    ...{ mention: reply, admission, runner, settings, rests, gate, catalogue, config, cdn, log },
    access: config.access,
    vanished,
  });
  const closing = new AbortController();
  const lookForGone = createAbsence({
    ...{ table: store.table('identity'), settings, ledger, forgetGuild: desk.forgetGuild },
    ...{ signal: closing.signal, log },
  });
  const gateway = createGateway({
    ...config.discord,
    onInteraction: dispatch,
    onGuildGone: desk.forgetGuild,
    onPartGone: vanished.gone,
    onGuildsNamed: lookForGone,
    onMessagesGone: gallery.noteRemoved,
    onMention,
    onClosedForGood,
    identify: cluster.identify,
    guard: rests.guard,
    log,
  });
  return {
    gateway,
    gate,
    drafts,
    /** Does from now on what other processes ask for: what is unfinished is known. */
    serveOthers() {
      const { noteGone } = gallery;
      const work = createErrandWork({ ledger, runner, take, noteGone, forget: desk.forgetHere });
      cluster.errands?.serve(work, closing.signal);
    },
    /** From now on nothing new is begun for anybody, nor for those who have sent Easel away. */
    close() {
      gate.close();
      closing.abort();
    },
  };
}
