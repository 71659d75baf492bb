import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  type Attachment,
  type AutocompleteInteraction,
  ChannelType,
  type ChatInputCommandInteraction,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { Offer } from '../src/discord/command.js';
import { enUS, type TextKey } from '../src/locales/en-US.js';
import { text } from '../src/locales/index.js';
import type { Reference, SourceImage } from '../src/mps/generation.js';

/** A description in every language: English, and the others beside it. */
function described(key: TextKey) {
  return { description: text('en-US', key), description_localizations: { 'zh-CN': text('zh-CN', key) } };
}

/** A name in every language. */
function namedBy(key: TextKey) {
  return { name: text('en-US', key), name_localizations: { 'zh-CN': text('zh-CN', key) } };
}

/** Channels of a guild in which people can use a command; threads go with theirs. */
export const askableChannels = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
] as const;

/** A command that works in guilds, in direct messages, and wherever a person brought it along. */
export function slashCommand(
  name: string,
  options: APIApplicationCommandOption[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    name,
    ...described(keyOf(`${name}.description`)),
    options,
    contexts: [
      InteractionContextType.Guild,
      InteractionContextType.BotDM,
      InteractionContextType.PrivateChannel,
    ],
    integration_types: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  };
}

/** A part of a command; described by the text `<command>.<name>`. */
export function subcommand(
  command: string,
  name: string,
  options: APIApplicationCommandBasicOption[] = [],
): APIApplicationCommandOption {
  const type = ApplicationCommandOptionType.Subcommand;
  return { type, name, ...described(keyOf(`${command}.${name}`)), options };
}

/** Makes the options of one command; each is described by the text `<command>.<option>`, or `option.<option>`. */
export function optionsOf(command: string) {
  const common = (name: string) => {
    const own = `${command}.${name}`;
    return { name, ...described(keyOf(own in enUS ? own : `option.${name.replace(/\d$/, '')}`)) };
  };
  return {
    /** How long it may be is said by us, kindly: Discord itself takes 6000 characters. */
    words: (name: string, more: { required?: boolean } = {}): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.String,
      ...common(name),
      ...more,
    }),
    /** One of some values that depend on what was chosen before. */
    pick: (name: string, more: { required?: boolean } = {}): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.String,
      ...common(name),
      ...more,
      autocomplete: true,
    }),
    seconds: (name: string): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Integer,
      ...common(name),
      min_value: 1,
      autocomplete: true,
    }),
    choice: (name: string, values: readonly string[]): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.String,
      ...common(name),
      choices: values.map((value) => ({ name: value, value })),
    }),
    flag: (name: string, required = false): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Boolean,
      ...common(name),
      ...(required && { required }),
    }),
    /** One of some values that people know by the texts `<family>.<value>`. */
    oneOf: (
      name: string,
      family: string,
      values: readonly string[],
      more: { required?: boolean } = {},
    ): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.String,
      ...common(name),
      ...more,
      choices: values.map((value) => ({ ...namedBy(keyOf(`${family}.${value}`)), value })),
    }),
    amount: (name: string, most: number, required = false): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Number,
      ...common(name),
      required,
      min_value: 0,
      max_value: most,
    }),
    count: (name: string, [least, most]: readonly [number, number]): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Integer,
      ...common(name),
      required: true,
      min_value: least,
      max_value: most,
    }),
    member: (name: string): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.User,
      ...common(name),
    }),
    role: (name: string): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Role,
      ...common(name),
    }),
    channel: (name: string): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Channel,
      ...common(name),
      channel_types: [...askableChannels],
    }),
    image: (name: string): APIApplicationCommandBasicOption => ({
      type: ApplicationCommandOptionType.Attachment,
      ...common(name),
    }),
  };
}

function keyOf(key: string): TextKey {
  if (key in enUS) return key as TextKey;
  throw new RangeError(`There is no text ${key}.`);
}

/** Options that only some operators offer. */
export function onlyIf<T>(offered: boolean, ...options: T[]): T[] {
  return offered ? options : [];
}

/** Reference options of a slash command; models that take more are given more by other ways. */
export const referenceNames = ['reference1', 'reference2', 'reference3', 'reference4'] as const;

/** An uploaded image as a request carries it. */
export function toSource({ url, name, size }: Attachment): SourceImage {
  return { url, name, bytes: size };
}

/** The references that were handed in, with the names their subjects were given, in the same order. */
export function referencesOf({ options }: ChatInputCommandInteraction): Reference[] | undefined {
  const subjects = (options.getString('reference_type') ?? '')
    .split(/[,，]/)
    .map((subject) => subject.trim());
  const references = referenceNames
    .map((name) => options.getAttachment(name))
    .filter((attachment) => attachment !== null)
    .map((attachment, at) => ({ ...toSource(attachment), ...(subjects[at] && { subject: subjects[at] }) }));
  return references.length > 0 ? references : undefined;
}

/** What both kinds of request have in common, without what was left out. */
export function commonOf(interaction: ChatInputCommandInteraction) {
  const { options } = interaction;
  return given({
    negative: options.getString('negative'),
    references: referencesOf(interaction),
    aspectRatio: options.getString('aspect_ratio')?.replace(/\s/g, ''),
    resolution: options.getString('resolution')?.trim().toUpperCase(),
    scene: options.getString('scene'),
    watermark: options.getBoolean('watermark'),
    additional: options.getString('additional'),
  });
}

/** What was chosen, without the options that were left out. */
export function given<T extends object>(options: T): Given<T> {
  const entries = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The model that was chosen before, or the default of this offer. */
export function chosenModel<K extends 'image' | 'video'>(
  kind: K,
  interaction: AutocompleteInteraction | ChatInputCommandInteraction,
  { catalogue, config }: Offer,
) {
  const asked = interaction.options.getString('model') ?? config[kind].model;
  return { asked, model: catalogue.find(kind, asked) };
}
