import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ChannelType,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import {
  defaultLocale,
  isTextKey,
  languageName,
  locales,
  localizations,
  type TextKey,
  text,
} from '../../src/locales/index.js';

/** A description in every language. */
function described(key: TextKey) {
  return { description: text(defaultLocale, key), description_localizations: localizations(key) };
}

/** The name of a command or option: English for the API, and as users of other languages see it. */
function nameOf(name: string) {
  const [, base = name, digit = ''] = /^(.*?)(\d?)$/.exec(name) ?? [];
  const others = Object.entries(localizations(keyOf(`name.${base}`)));
  return {
    name,
    name_localizations: Object.fromEntries(others.map(([locale, other]) => [locale, other + digit])),
  };
}

/** A name in every language. */
function namedBy(key: TextKey) {
  return { name: text(defaultLocale, key), name_localizations: localizations(key) };
}

/** Channel types in which commands work; threads belong to their channel. */
export const askableChannels = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildVoice,
  ChannelType.GuildStageVoice,
  ChannelType.GuildForum,
] as const;

/**
 * A command that only members who may manage the server see, in servers that have added Easel. Discord lets admins
 * change that, so it is checked in code as well.
 */
export function managersCommand(
  name: string,
  options: APIApplicationCommandOption[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    ...slashCommand(name, options),
    default_member_permissions: String(PermissionFlagsBits.ManageGuild),
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
  };
}

/** A command that works in guilds, in direct messages, and as a user install. */
export function slashCommand(
  name: string,
  options: APIApplicationCommandOption[],
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  return {
    ...nameOf(name),
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

/** A subcommand, described by the text `<command>.<name>`. */
export function subcommand(
  command: string,
  name: string,
  options: APIApplicationCommandBasicOption[] = [],
): APIApplicationCommandOption {
  const type = ApplicationCommandOptionType.Subcommand;
  return { type, ...nameOf(name), ...described(keyOf(`${command}.${name}`)), options };
}

type Option = APIApplicationCommandBasicOption;
interface Optional {
  readonly required?: boolean;
  /** The text that describes it, where the default is that of a subcommand of the same name. */
  readonly says?: TextKey;
}
const types = ApplicationCommandOptionType;

/** Makes the options of one command; each is described by the text `<command>.<option>`, or `option.<option>`. */
export function optionsOf(command: string) {
  /** How every option begins. */
  function named<T extends Option['type']>(type: T, name: string, { says, ...more }: Optional = {}) {
    const own = `${command}.${name}`;
    const key = says ?? (isTextKey(own) ? own : `option.${name.replace(/\d$/, '')}`);
    return { type, ...nameOf(name), ...described(keyOf(key)), ...more };
  }
  return {
    /** We check the length ourselves, with a helpful message: Discord accepts 6000 characters. */
    words: (name: string, more?: Optional): Option => named(types.String, name, more),
    /** One of several values that depend on earlier choices. */
    pick: (name: string, more?: Optional): Option => ({
      ...named(types.String, name, more),
      autocomplete: true,
    }),
    choice: (name: string, values: readonly string[]): Option => ({
      ...named(types.String, name),
      choices: values.map((value) => ({ name: value, value })),
    }),
    /** One of several values, named by the texts `<family>.<value>`. */
    oneOf: (name: string, family: string, values: readonly string[], more?: Optional): Option => ({
      ...named(types.String, name, more),
      choices: values.map((value) => ({ ...namedBy(keyOf(`${family}.${value}`)), value })),
    }),
    /** @param follow what no choice of a language is called */
    language: (name: string, follow: TextKey): Option => ({
      ...named(types.String, name),
      required: true,
      choices: languageChoices(follow),
    }),
    flag: (name: string, required = false): Option => ({
      ...named(types.Boolean, name),
      ...(required && { required }),
    }),
    ...numbersOf(named),
    ...mentionsOf(named),
    ...filesOf(named),
  };
}

type Named = <T extends Option['type']>(
  type: T,
  name: string,
  more?: Optional,
) => { type: T; name: string } & ReturnType<typeof described>;

/** Options with files. Clients offer those of the type alone; what comes is checked all the same. */
function filesOf(named: Named) {
  return {
    file: (name: string, required = false): Option => ({ ...named(types.Attachment, name), required }),
    image: (name: string): Option => ({ ...named(types.Attachment, name), file_types: ['image'] }),
    clip: (name: string, required = false): Option => ({
      ...named(types.Attachment, name),
      ...(required && { required }),
      file_types: ['video'],
    }),
    sound: (name: string): Option => ({
      ...named(types.Attachment, name),
      required: true,
      file_types: ['audio'],
    }),
  };
}

/** Options that name a part of a server. */
function mentionsOf(named: Named) {
  return {
    member: (name: string, more?: Optional): Option => named(types.User, name, more),
    role: (name: string, more?: Optional): Option => named(types.Role, name, more),
    channel: (name: string, more?: Optional): Option => ({
      ...named(types.Channel, name, more),
      channel_types: [...askableChannels],
    }),
    /** Discord's own list of types for an option lacks media channels; what is chosen is checked all the same. */
    anyChannel: (name: string): Option => named(types.Channel, name),
  };
}

/** Options with numbers. */
function numbersOf(named: Named) {
  return {
    seconds: (name: string): Option => ({
      ...named(types.Integer, name),
      min_value: 1,
      autocomplete: true,
    }),
    amount: (name: string, most: number, required = false): Option => ({
      ...named(types.Number, name),
      required,
      min_value: 0,
      max_value: most,
    }),
    count: (name: string, [least, most]: readonly [number, number], required = true): Option => ({
      ...named(types.Integer, name),
      ...(required && { required }),
      min_value: least,
      max_value: most,
    }),
  };
}

function languageChoices(follow: TextKey) {
  return [
    { ...namedBy(follow), value: 'follow' },
    ...locales.map((locale) => ({ name: languageName(locale), value: locale })),
  ];
}

function keyOf(key: string): TextKey {
  if (isTextKey(key)) return key;
  throw new RangeError(`There is no text ${key}.`);
}

/** Options that only some operators offer. */
export function onlyIf<T>(offered: boolean, ...options: T[]): T[] {
  return offered ? options : [];
}

/** Reference options of a slash command; models that accept more get them in other ways. */
export const referenceNames = ['reference1', 'reference2', 'reference3', 'reference4'] as const;
