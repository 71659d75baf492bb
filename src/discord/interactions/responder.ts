import {
  type APIApplicationCommandOptionChoice,
  type APIModalInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
  type RawFile,
  RESTJSONErrorCodes,
  type RESTPostAPIInteractionCallbackWithResponseResult,
  Routes,
} from 'discord.js';
import type { Rests } from '../rest/clients.js';
import { openDirectChannel } from '../rest/direct-channel.js';
import { codeOf } from '../rest/errors.js';
import { type AnyCard, type Card, isV2, type PanelCard } from '../views/message.js';

/** Identifies an interaction to Discord. */
export interface InteractionRef {
  readonly id: string;
  readonly token: string;
}

/** Identifies it once it was answered. */
export interface AnsweredRef {
  readonly applicationId: string;
  readonly token: string;
}

/** A generated file, small enough for memory. */
export interface TextFile {
  readonly name: string;
  readonly contentType: string;
  readonly text: string | Buffer;
}

/** The first answer to an interaction, due within three seconds (Discord docs: "Receiving and Responding"). */
export interface Responder {
  /** "Easel is thinking…"; returns the id of the message that will carry the answer. */
  defer(interaction: InteractionRef, options: { private: boolean }): Promise<string | undefined>;
  /** The answer at once; returns the id of its message. */
  answer(
    interaction: InteractionRef,
    card: Card | PanelCard,
    options: { private: boolean },
  ): Promise<string | undefined>;
  /** Acknowledges a press without an answer: the message changes by itself. */
  deferUpdate(interaction: InteractionRef): Promise<void>;
  /** Private answers: the first, then the others one by one. */
  whisper(interaction: InteractionRef & AnsweredRef, ...cards: readonly AnyCard[]): Promise<void>;
  /** A direct message, for a user whose interaction can't be answered. */
  direct(interaction: Pick<InteractionRef, 'id'>, userId: string, card: Card | PanelCard): Promise<void>;
  /** The message whose select or button was used, redrawn. */
  update(interaction: InteractionRef, card: Card | PanelCard): Promise<void>;
  /** Redraws one of Easel's own messages in a channel. @throws DiscordAPIError */
  redraw(message: { readonly channelId: string; readonly id: string }, card: Card): Promise<void>;
  /** Edits the deferred answer, or the message whose press was acknowledged. */
  fill(interaction: AnsweredRef, card: AnyCard, file?: TextFile): Promise<void>;
  /** Deletes the message whose button was pressed. @returns false if it was gone: the button was pressed twice */
  remove(interaction: InteractionRef & AnsweredRef): Promise<boolean>;
  /** A form, which has to be the first answer. */
  openForm(interaction: InteractionRef, modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** Rows under the option that is being typed. */
  suggest(interaction: InteractionRef, choices: readonly APIApplicationCommandOptionChoice[]): Promise<void>;
}

export function createResponder({ answers, bot }: Pick<Rests, 'answers' | 'bot'>): Responder {
  const respond = createRespond(answers);
  return {
    async defer(interaction, options) {
      const data = options.private ? { flags: MessageFlags.Ephemeral } : {};
      const type = InteractionResponseType.DeferredChannelMessageWithSource;
      return messageIn(await respond(interaction, type, data));
    },
    async answer(interaction, card, options) {
      const data = options.private ? { ...card, flags: card.flags | MessageFlags.Ephemeral } : card;
      return messageIn(await respond(interaction, InteractionResponseType.ChannelMessageWithSource, data));
    },
    async deferUpdate(interaction) {
      await respond(interaction, InteractionResponseType.DeferredMessageUpdate, {});
    },
    async whisper(interaction, ...cards) {
      const { applicationId, token } = interaction;
      for (const [at, card] of cards.entries()) {
        const body = { ...card, flags: card.flags | MessageFlags.Ephemeral };
        if (at === 0) await respond(interaction, InteractionResponseType.ChannelMessageWithSource, body);
        else await answers.post(Routes.webhook(applicationId, token), { body, auth: false });
      }
    },
    async direct({ id }, userId, card) {
      const channelId = await openDirectChannel({ bot }, userId);
      const once = { nonce: `e${id}`, enforce_nonce: true };
      await bot.post(Routes.channelMessages(channelId), { body: { ...card, ...once } });
    },
    async redraw({ channelId, id }, card) {
      await bot.patch(Routes.channelMessage(channelId, id), { body: card });
    },
    async update(interaction, card) {
      await respond(interaction, InteractionResponseType.UpdateMessage, card);
    },
    async fill({ applicationId, token }, card, file) {
      await answers.patch(Routes.webhookMessage(applicationId, token, '@original'), {
        // A list of plain text from before becomes a gallery only if its text is taken away by name.
        body: isV2(card) ? { ...card, content: null } : card,
        auth: false,
        ...(file && { files: [rawFileOf(file)] }),
      });
    },
    async remove(interaction) {
      await respond(interaction, InteractionResponseType.DeferredMessageUpdate, {});
      return deleteAnswered(answers, interaction);
    },
    async openForm(interaction, modal) {
      await respond(interaction, InteractionResponseType.Modal, modal);
    },
    async suggest(interaction, choices) {
      await respond(interaction, InteractionResponseType.ApplicationCommandAutocompleteResult, { choices });
    },
  };
}

/** The id of the message that an answer became. */
function messageIn(answer: unknown): string | undefined {
  return (answer as RESTPostAPIInteractionCallbackWithResponseResult | undefined)?.interaction
    ?.response_message_id;
}

/** @returns false if the message is gone already */
async function deleteAnswered(
  answers: Rests['answers'],
  { applicationId, token }: AnsweredRef,
): Promise<boolean> {
  try {
    await answers.delete(Routes.webhookMessage(applicationId, token, '@original'), { auth: false });
    return true;
  } catch (error) {
    if (codeOf(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
    return false;
  }
}

/** Sends the first answer, and asks for the message that it became. */
function createRespond(answers: Rests['answers']) {
  return ({ id, token }: InteractionRef, type: InteractionResponseType, data: object) =>
    answers.post(Routes.interactionCallback(id, token), {
      body: { type, data },
      query: new URLSearchParams({ with_response: 'true' }),
      auth: false,
    });
}

function rawFileOf({ name, contentType, text }: TextFile): RawFile {
  return { name, contentType, data: typeof text === 'string' ? Buffer.from(text) : text };
}
