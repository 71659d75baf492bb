import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type Attachment,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Choice } from '../src/discord/command.js';
import { type TextKey, text } from '../src/locales/index.js';
import type { Kind, SourceImage } from '../src/mps/generation.js';
import { type Catalogue, summarise } from '../src/mps/models.js';

/** A description in every language: English, and the others beside it. */
export function described(key: TextKey) {
  return { description: text('en-US', key), description_localizations: { 'zh-CN': text('zh-CN', key) } };
}

/** A command that works in guilds, in direct messages, and wherever a person brought it along. */
export function slashCommand(
  name: string,
  key: TextKey,
  options: APIApplicationCommandBasicOption[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    name,
    ...described(key),
    options,
    contexts: [
      InteractionContextType.Guild,
      InteractionContextType.BotDM,
      InteractionContextType.PrivateChannel,
    ],
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  };
}

/** An option for text, of which Discord takes at most 6000 characters: how long it may be is said by us, kindly. */
export function textOption(
  name: string,
  key: TextKey,
  more: { required?: boolean; autocomplete?: true } = {},
) {
  const { required = false, autocomplete } = more;
  const option = { type: ApplicationCommandOptionType.String as const, name, ...described(key), required };
  return autocomplete ? { ...option, autocomplete } : option;
}

/** An uploaded image as a request carries it. */
export function toSource({ url, name, size }: Attachment): SourceImage {
  return { url, name, bytes: size };
}

/** Models whose id or label has what was typed, one line each: "Kling 3.0: 3–15 s, sound, 4K". */
export function completeModel(catalogue: Catalogue, kind: Kind, typed: string): Choice[] {
  const wanted = typed.trim().toLowerCase();
  return catalogue
    .list(kind)
    .filter(({ id, label }) => id.includes(wanted) || label.toLowerCase().includes(wanted))
    .map((model) => {
      const { label, seconds, sound, best } = summarise(model);
      const facts = [seconds && `${seconds} s`, sound && '🔊', best].filter(Boolean).join(', ');
      return { name: facts ? `${label}: ${facts}` : label, value: model.id };
    });
}

/** What was chosen, without the options that were left out. */
export function given<T extends object>(options: T): Given<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };
