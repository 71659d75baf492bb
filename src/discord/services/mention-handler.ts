import { type APIMessage, type RESTPostAPICurrentUserCreateDMChannelResult, Routes } from 'discord.js';
import { type Sentence, UserError } from '../../errors.js';
import { defaultSettings, type GuildSettings, type Settings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { type GenerationRequest, partsOf } from '../../mps/generation-request.js';
import { isFenced } from '../../store/store.js';
import type { Admission } from '../../tasks/lifecycle/admission.js';
import type { Runner } from '../../tasks/lifecycle/runner.js';
import { type Access, whyClosed } from '../../tasks/model/access.js';
import type { Offer } from '../access/guild-catalogue.js';
import { offerIn } from '../access/guild-catalogue.js';
import { localeIn, objection } from '../access/guild-policy.js';
import { mayWrite, requireOpenThread, requireRights } from '../access/request-origin.js';
import { createDuplicateFilter } from '../gateway/duplicate-events.js';
import type { Heard } from '../input/mention.js';
import type { Gate } from '../interactions/in-flight.js';
import { toUserError } from '../interactions/user-errors.js';
import type { Rests } from '../rest/clients.js';
import { refusalOf } from '../rest/route-errors.js';
import { type Card, drawUserError } from '../views/message.js';
import type { Vanished } from './deleted-targets.js';

/** What is done when somebody mentions Easel; thin, as a command is. */
export interface Mention {
  /** @throws UserError where there is something to put right. */
  run(heard: Heard, ear: Ear): Promise<void>;
}

/** What a mention may use of Easel. */
export interface Ear {
  /** Where Discord keeps stickers. */
  readonly cdn: string;
  /** What is on offer where the message was written. @throws StoreError */
  offer(heard: Heard): Promise<Offer>;
  /**
   * Orders a picture or a clip for who wrote the message; a reply is drawn from then on.
   * @throws UserError where it cannot be had.
   */
  order(heard: Heard, request: GenerationRequest): Promise<void>;
}

interface Deps extends Offer {
  readonly mention: Mention;
  readonly cdn: string;
  readonly access: Access;
  readonly admission: Admission;
  readonly runner: Pick<Runner, 'start'>;
  readonly settings: Pick<Settings, 'get' | 'lastKnown'>;
  readonly vanished: Pick<Vanished, 'present'>;
  readonly rests: Pick<Rests, 'bot'>;
  readonly gate: Pick<Gate, 'enter' | 'requireOpen'>;
  readonly log: Log;
}

/**
 * A mention is answered in front of everybody: Discord shows to one person alone only what answers a command or a button.
 * @throws UserError with the ways that work, where the guild wants answers to be private.
 */
function requirePublic({ private: secret }: GuildSettings, { image, video }: Offer['config']): void {
  if (!secret) return;
  const ways = [
    ...(image.enabled ? (['image'] as const) : []),
    ...(video.enabled ? (['video'] as const) : []),
  ].map((kind): Sentence => ({ key: `reply.private.${kind}` }));
  throw new UserError([{ key: 'reply.private' }, ...ways]);
}

const leftToOther = 'a message was left to the process that has taken over';

/** From a message that mentions Easel to a task on its way, or to a sentence that says why not. Never throws. */
export function createHearing(deps: Deps): (heard: Heard) => Promise<void> {
  const { mention, admission, runner, settings, vanished, rests, gate, catalogue, config, cdn, access, log } =
    deps;
  const duplicates = createDuplicateFilter();

  const rulesFor = async ({ origin: { guildId }, guild }: Heard) =>
    guildId === undefined ? defaultSettings : vanished.present(guild, await settings.get(guildId));

  const ear: Ear = {
    cdn,
    offer: async (heard) => offerIn({ catalogue, config }, await rulesFor(heard)),
    async order(heard, request) {
      const { origin, permissions, inThread, locked } = heard;
      const rules = await rulesFor(heard);
      for (const { kind, model } of partsOf(request)) {
        const known = catalogue.find(kind, model) ?? { id: model, label: model };
        const against = objection(rules, heard.circumstances, kind, known);
        if (against) throw new UserError(against);
      }
      if (permissions) requireOpenThread(locked, permissions);
      if (permissions) requireRights(permissions, inThread);
      const task = await admission.admit(request, { ...origin, locale: localeIn(rules, origin) });
      // The runner's first step is the reply; it is made again after a crash.
      if (task) runner.start(task.id);
      else log.info({ event: origin.eventId }, 'a message came twice and was taken once');
    },
  };

  async function send(channelId: string, { origin }: Heard, card: Card): Promise<void> {
    const inPlace = channelId === origin.channelId && origin.mayReadHistory;
    const reference = { message_id: origin.eventId, fail_if_not_exists: false };
    const body = {
      ...card,
      ...(inPlace && { message_reference: reference }),
      // Discord may tell of a message twice.
      nonce: `e${origin.eventId}`,
      enforce_nonce: true,
    };
    (await rests.bot.post(Routes.channelMessages(channelId), { body })) as APIMessage;
  }

  /** Where it was asked, or to the person alone where Easel may not write there. */
  async function say(heard: Heard, card: Card): Promise<void> {
    const { permissions, inThread, locked, origin } = heard;
    if (permissions && !mayWrite(permissions, { inThread, locked })) return sayDirectly(heard, card);
    try {
      await send(origin.channelId, heard, card);
    } catch (error) {
      // A server's AutoMod does not look into direct messages.
      if (!['closed', 'words'].includes(refusalOf(error) ?? '')) throw error;
      await sayDirectly(heard, card);
    }
  }

  async function sayDirectly(heard: Heard, card: Card): Promise<void> {
    const body = { recipient_id: heard.origin.userId };
    const direct = (await rests.bot.post(Routes.userChannels(), {
      body,
    })) as RESTPostAPICurrentUserCreateDMChannelResult;
    await send(direct.id, heard, card);
  }

  async function listen(heard: Heard): Promise<void> {
    const { origin } = heard;
    try {
      try {
        gate.requireOpen();
        const closed = whyClosed(access, { guildId: origin.guildId, installed: true });
        if (closed) throw new UserError(closed);
        requirePublic(await rulesFor(heard), config);
        await mention.run(heard, ear);
      } catch (error) {
        // The process that has taken over was sent it as well.
        if (isFenced(error)) return log.info({ event: origin.eventId }, leftToOther);
        const known = toUserError(error, { ...origin, id: origin.eventId }, log);
        const { guildId } = origin;
        const rules = guildId === undefined ? defaultSettings : await settings.lastKnown(guildId);
        await say(heard, drawUserError(known, localeIn(rules, origin)));
      }
    } catch (error) {
      log.warn({ event: origin.eventId, err: error }, 'a message could not be answered');
    }
  }

  return async (heard) => {
    if (duplicates.isFirst(heard.origin.eventId)) return gate.enter(() => listen(heard));
    log.info({ event: heard.origin.eventId }, 'duplicate MESSAGE_CREATE ignored');
  };
}
