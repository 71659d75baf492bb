/** Messages between the page and its server: plain JSON, as one user sees it. Times are ms since the epoch. */

export interface User {
  readonly id: string;
  readonly username: string;
  /** As shown. */
  readonly name: string;
  readonly bot: boolean;
  /** Of their client. */
  readonly locale: string;
}

export interface Place {
  readonly id: string;
  /** Undefined for a direct message. */
  readonly guildId: string | undefined;
  /** A channel's type, as Discord numbers it. */
  readonly type: number;
  readonly name: string;
  readonly nsfw: boolean;
  /** The bot's permissions here. */
  readonly botMayAttach: boolean;
  readonly mayWrite: boolean;
  readonly mayAttach: boolean;
  readonly mayManage: boolean;
  /** Bytes for each file that the user sends. */
  readonly uploadLimit: number;
}

export interface Server {
  readonly id: string;
  readonly name: string;
  /** Whether the user administers it. */
  readonly isAdmin: boolean;
  readonly places: readonly Place[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
}

/** A client's data at its start. */
export interface Surroundings {
  readonly me: User;
  readonly botId: string;
  readonly users: readonly User[];
  readonly servers: readonly Server[];
  readonly direct: Place;
}

export interface Attachment {
  readonly id: string;
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
  readonly url: string;
  readonly description?: string | undefined;
  readonly contentType?: string | undefined;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export interface Option {
  readonly label: string;
  readonly value: string;
  readonly description?: string | undefined;
  readonly default?: boolean | null | undefined;
}

/** Discord docs: Component Reference, "Unfurled Media Item". */
export interface UnfurledMedia {
  readonly url: string;
  readonly content_type?: string | null | undefined;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
  readonly loading_state?: number | undefined;
}

/** For a media gallery. */
export interface MediaItem {
  readonly media: UnfurledMedia;
  readonly description?: string | null | undefined;
  readonly spoiler?: boolean | null | undefined;
}

/** For a message or a modal. Discord docs: Component Reference. */
export interface Component {
  readonly type: number;
  readonly id?: number | undefined;
  readonly custom_id?: string | null | undefined;
  readonly style?: number | null | undefined;
  readonly label?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly url?: string | null | undefined;
  readonly disabled?: boolean | null | undefined;
  readonly placeholder?: string | null | undefined;
  readonly content?: string | null | undefined;
  readonly value?: string | null | undefined;
  readonly required?: boolean | null | undefined;
  readonly min_length?: number | null | undefined;
  readonly max_length?: number | null | undefined;
  readonly min_values?: number | null | undefined;
  readonly max_values?: number | null | undefined;
  readonly options?: readonly Option[] | null | undefined;
  readonly default?: boolean | null | undefined;
  readonly default_values?: readonly { readonly id: string }[] | null | undefined;
  readonly channel_types?: readonly number[] | null | undefined;
  readonly components?: readonly Component[] | null | undefined;
  readonly component?: Component | undefined;
  readonly accessory?: Component | undefined;
  readonly items?: readonly MediaItem[] | null | undefined;
  /** For a thumbnail. */
  readonly media?: UnfurledMedia | undefined;
  readonly file?: UnfurledMedia | undefined;
  /** For a file. */
  readonly name?: string | null | undefined;
  /** For a file, bytes. */
  readonly size?: number | null | undefined;
  readonly spoiler?: boolean | null | undefined;
  /** For a container: RGB. */
  readonly accent_color?: number | null | undefined;
  /** For a separator. */
  readonly divider?: boolean | null | undefined;
  /** For a separator: 1 small, 2 large. */
  readonly spacing?: number | null | undefined;
}

/** Discord docs: Message Resource, "Embed Structure"; addresses are http(s) ones. */
export interface Embed {
  readonly url?: string | undefined;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  readonly footer?: string | undefined;
  readonly image?: string | undefined;
  readonly thumbnail?: string | undefined;
}

export interface Sticker {
  readonly id: string;
  readonly name: string;
  /** Undefined for one that is drawn from JSON. */
  readonly url: string | undefined;
}

/** The content of a message, whether its own or a forwarded one. */
export interface Held {
  readonly content: string;
  readonly components: readonly Component[];
  readonly attachments: readonly Attachment[];
  readonly embeds: readonly Embed[];
  readonly stickers: readonly Sticker[];
}

export interface Message extends Held {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  readonly ephemeral: boolean;
  /** Deferred: "Easel is thinking…". */
  readonly loading: boolean;
  readonly createdAt: number;
  readonly editedAt?: number | undefined;
  /** The pinged users. */
  readonly notified: readonly string[];
  readonly mentions: readonly string[];
  readonly replyTo?: string | undefined;
  readonly forwarded: boolean;
  /** The forwarded content, as of then. */
  readonly snapshots: readonly Held[];
  /** The command that it answers, and the user who called it. */
  readonly asked?: { readonly userId: string; readonly name: string } | undefined;
}

/** Discord docs: Application Commands, "Application Command Option Structure". */
export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly name_localizations?: Translations;
  readonly description_localizations?: Translations;
  readonly required?: boolean | null | undefined;
  readonly autocomplete?: boolean | null | undefined;
  readonly choices?: readonly Choice[] | null | undefined;
  readonly options?: readonly CommandOption[] | null | undefined;
  readonly min_value?: number | null | undefined;
  readonly max_value?: number | null | undefined;
  readonly min_length?: number | null | undefined;
  readonly max_length?: number | null | undefined;
  /** Of files: `image`, `video`, `audio`. */
  readonly file_types?: readonly string[] | null | undefined;
}

export type Translations = Readonly<Record<string, string | null>> | null | undefined;

export interface Choice {
  readonly name: string;
  readonly value: string | number;
  readonly name_localizations?: Translations;
}

/** A command as the user finds it in a channel. */
export interface Command {
  /** 1 slash, 3 on a message. */
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly name_localizations?: Translations;
  readonly description_localizations?: Translations;
  readonly options: readonly CommandOption[];
}

/** A channel as it opens. */
export interface Scene {
  readonly messages: readonly Message[];
  readonly commands: readonly Command[];
}

/** A user's action, and its outcome. */
export interface InteractionUpdate {
  readonly id: string;
  readonly name: string | undefined;
  readonly channelId: string;
  readonly createdAt: number;
  readonly acknowledged: boolean;
  /** No one answered within 3 s. */
  readonly failed: boolean;
  readonly modal: { readonly title: string; readonly components: readonly Component[] } | undefined;
}

export interface BotState {
  readonly up: boolean;
  /** "with code 1", once it has ended. */
  readonly ended: string | undefined;
  /** When its process began. */
  readonly since: number;
  /** Starts so far. */
  readonly starts: number;
}

/** An event from the server to an open page. */
export type News =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'gone'; readonly id: string; readonly channelId: string }
  | { readonly kind: 'interaction'; readonly interaction: InteractionUpdate }
  | { readonly kind: 'commands' }
  /** A channel was added, changed or removed: a post in a forum is one. */
  | { readonly kind: 'places' }
  | { readonly kind: 'bot'; readonly bot: BotState };
