import { Routes } from 'discord.js';
import { type Sentence, UserError } from '../../errors.js';
import type { GuildSettings } from '../../guilds/settings.js';
import type { Log } from '../../log.js';
import { isFenced } from '../../store/store.js';
import { type Access, whyClosed } from '../../tasks/model/operator-access.js';
import type { Offer } from '../access/guild-catalogue.js';
import { mayWrite } from '../access/request-origin.js';
import { createDuplicateFilter } from '../gateway/duplicate-events.js';
import type { Mention } from '../input/mention.js';
import type { MentionCommand } from '../interactions/command.js';
import type { InFlight } from '../interactions/in-flight.js';
import { toUserError } from '../interactions/user-errors.js';
import type { Rests } from '../rest/clients.js';
import { openDirectChannel } from '../rest/direct-channel.js';
import { refusalOf } from '../rest/route-errors.js';
import { type Card, drawUserError } from '../views/message.js';
import type { GuildService } from './guild-service.js';

interface Deps<Bot> {
  readonly command: MentionCommand<Bot>;
  readonly bot: Bot;
  readonly guilds: Pick<GuildService, 'rules' | 'locale'>;
  /** The operator's. */
  readonly config: Offer['config'];
  readonly access: Access;
  readonly rests: Pick<Rests, 'bot'>;
  readonly inFlight: Pick<InFlight, 'enter' | 'requireOpen' | 'isAbandoned'>;
  readonly log: Log;
}

/**
 * Mentions are answered in public: Discord allows private answers only to commands and buttons.
 * @throws UserError listing the alternatives, if the guild wants private answers.
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

/** Turns a message that mentions Easel into a task, or answers why not. Never throws. */
export function createMentionHandler<Bot>(deps: Deps<Bot>): (mention: Mention) => Promise<void> {
  const { command, bot, guilds, config, access, inFlight, log } = deps;
  const say = createReplies(deps.rests);
  const duplicates = createDuplicateFilter();

  async function listen(mention: Mention): Promise<void> {
    const { origin } = mention;
    try {
      try {
        inFlight.requireOpen();
        const closed = whyClosed(access, { guildId: origin.guildId, installed: true });
        if (closed) throw new UserError(closed);
        requirePublic(await guilds.rules(mention), config);
        await command.run(mention, bot);
      } catch (error) {
        // The process that has taken over received it as well.
        if (isFenced(error) || inFlight.isAbandoned())
          return log.info({ event: origin.eventId }, leftToOther);
        const known = toUserError(error, { ...origin, id: origin.eventId }, log);
        noteWithheld(known, mention);
        await say(mention, drawUserError(known, await guilds.locale(mention)));
      }
    } catch (error) {
      log.warn({ event: origin.eventId, err: error }, 'a message could not be answered');
    }
  }

  /** The member reads what works instead; what would make it work is the operator's to do. */
  function noteWithheld({ sentences }: UserError, { origin }: Mention): void {
    if (sentences.some(({ key }) => key === 'reply.withheld'))
      log.info(
        { event: origin.eventId, variable: 'MESSAGE_CONTENT_INTENT' },
        'a reply was refused: without the Message Content Intent the message replied to cannot be seen',
      );
  }

  return async (mention) => {
    if (command.isMeant?.(mention) === false) return;
    if (duplicates.isFirst(mention.origin.eventId)) return inFlight.enter(() => listen(mention));
    log.info({ event: mention.origin.eventId }, 'duplicate MESSAGE_CREATE ignored');
  };
}

/** Replies where the mention was written, or to the user alone if Easel may not write there. */
function createReplies(rests: Pick<Rests, 'bot'>) {
  async function send(channelId: string, { origin }: Mention, card: Card): Promise<void> {
    const inPlace = channelId === origin.channelId && origin.mayReadHistory;
    const reference = { message_id: origin.eventId, fail_if_not_exists: false };
    const body = {
      ...card,
      ...(inPlace && { message_reference: reference }),
      // Discord may send a message twice.
      nonce: `e${origin.eventId}`,
      enforce_nonce: true,
    };
    await rests.bot.post(Routes.channelMessages(channelId), { body });
  }

  async function sayDirectly(mention: Mention, card: Card): Promise<void> {
    await send(await openDirectChannel(rests, mention.origin.userId), mention, card);
  }

  return async (mention: Mention, card: Card): Promise<void> => {
    const { permissions, inThread, locked, origin } = mention;
    if (permissions && !mayWrite(permissions, { inThread, locked })) return sayDirectly(mention, card);
    try {
      await send(origin.channelId, mention, card);
    } catch (error) {
      // A server's AutoMod doesn't check direct messages.
      if (!['closed', 'words'].includes(refusalOf(error) ?? '')) throw error;
      await sayDirectly(mention, card);
    }
  };
}
