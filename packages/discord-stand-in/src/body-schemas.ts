import { z } from 'zod';
import type { JsonObject } from './types.js';

const Id = z.union([z.string(), z.number()]).transform(String);
export const JsonValue: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** A component of a message or a modal, as far as validation and clicks need it. */
export interface Component {
  type: number;
  id?: number | undefined;
  custom_id?: string | null | undefined;
  style?: number | null | undefined;
  label?: string | null | undefined;
  url?: string | null | undefined;
  disabled?: boolean | null | undefined;
  placeholder?: string | null | undefined;
  content?: string | null | undefined;
  title?: string | null | undefined;
  value?: string | null | undefined;
  required?: boolean | null | undefined;
  min_length?: number | null | undefined;
  max_length?: number | null | undefined;
  min_values?: number | null | undefined;
  max_values?: number | null | undefined;
  options?: SelectOption[] | null | undefined;
  components?: Component[] | null | undefined;
  component?: Component | undefined;
  accessory?: Component | undefined;
  items?: MediaItem[] | null | undefined;
  media?: Media | undefined;
  file?: Media | undefined;
  [key: string]: unknown;
}

export interface SelectOption {
  label: string;
  value: string;
  default?: boolean | null | undefined;
  [key: string]: unknown;
}

interface Media {
  url: string;
  [key: string]: unknown;
}

interface MediaItem {
  media: Media;
  [key: string]: unknown;
}

const MediaRef = z.looseObject({ url: z.string() });

export const ComponentBody: z.ZodType<Component> = z.lazy(() =>
  z.looseObject({
    type: z.number(),
    id: z.number().optional(),
    custom_id: z.string().nullish(),
    style: z.number().nullish(),
    label: z.string().nullish(),
    url: z.string().nullish(),
    disabled: z.boolean().nullish(),
    placeholder: z.string().nullish(),
    content: z.string().nullish(),
    title: z.string().nullish(),
    value: z.string().nullish(),
    required: z.boolean().nullish(),
    min_length: z.number().nullish(),
    max_length: z.number().nullish(),
    min_values: z.number().nullish(),
    max_values: z.number().nullish(),
    options: z
      .array(z.looseObject({ label: z.string(), value: z.string(), default: z.boolean().nullish() }))
      .nullish(),
    components: z.array(ComponentBody).nullish(),
    component: ComponentBody.optional(),
    accessory: ComponentBody.optional(),
    items: z.array(z.looseObject({ media: MediaRef })).nullish(),
    media: MediaRef.optional(),
    file: MediaRef.optional(),
  }),
);

const Embed = z.looseObject({
  title: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  footer: z.looseObject({ text: z.string() }).nullish(),
  author: z.looseObject({ name: z.string() }).nullish(),
  fields: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
  image: z.looseObject({ url: z.string() }).nullish(),
  thumbnail: z.looseObject({ url: z.string() }).nullish(),
});
export type EmbedBody = z.infer<typeof Embed>;

const AttachmentRef = z.looseObject({
  id: Id,
  filename: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
});

const AllowedMentions = z.object({
  parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
  users: z.array(z.string()).nullish(),
  roles: z.array(z.string()).nullish(),
  replied_user: z.boolean().nullish(),
});
export type AllowedMentionsBody = z.infer<typeof AllowedMentions>;

/** A message body, from whichever route; validated already. */
export const MessageBody = z.looseObject({
  content: z.string().nullish(),
  embeds: z.array(Embed).nullish(),
  components: z.array(ComponentBody).nullish(),
  attachments: z.array(AttachmentRef).nullish(),
  allowed_mentions: AllowedMentions.nullish(),
  flags: z.number().nullish(),
  tts: z.boolean().nullish(),
  nonce: z.union([z.string(), z.number()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  sticker_ids: z.array(z.string()).nullish(),
  poll: z.looseObject({}).nullish(),
  message_reference: z
    .object({
      message_id: z.string(),
      channel_id: z.string().nullish(),
      guild_id: z.string().nullish(),
      type: z.number().nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
});
export type MessageBody = z.infer<typeof MessageBody>;

export const ModalBody = z.looseObject({
  custom_id: z.string(),
  title: z.string(),
  components: z.array(ComponentBody),
});
export type ModalBody = z.infer<typeof ModalBody>;

export const ChoicesBody = z.object({
  choices: z.array(z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]) })).nullish(),
});
export type Choice = NonNullable<z.infer<typeof ChoicesBody>['choices']>[number];

export const CallbackBody = z.object({ type: z.number(), data: z.unknown().optional() });

const OptionChoice = z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]) });

export interface CommandOption {
  type: number;
  name: string;
  description: string;
  required?: boolean | null | undefined;
  autocomplete?: boolean | null | undefined;
  choices?: z.infer<typeof OptionChoice>[] | null | undefined;
  options?: CommandOption[] | null | undefined;
  min_value?: number | null | undefined;
  max_value?: number | null | undefined;
  min_length?: number | null | undefined;
  max_length?: number | null | undefined;
  channel_types?: number[] | null | undefined;
  /** Of files: `image`, `video`, `audio`. */
  file_types?: string[] | null | undefined;
  name_localizations?: Record<string, string | null> | null | undefined;
  description_localizations?: Record<string, string | null> | null | undefined;
  [key: string]: unknown;
}

const Localizations = z.record(z.string(), z.string().nullable()).nullish();

const CommandOption: z.ZodType<CommandOption> = z.lazy(() =>
  z.looseObject({
    type: z.number(),
    name: z.string(),
    description: z.string(),
    required: z.boolean().nullish(),
    autocomplete: z.boolean().nullish(),
    choices: z.array(OptionChoice).nullish(),
    options: z.array(CommandOption).nullish(),
    min_value: z.number().nullish(),
    max_value: z.number().nullish(),
    min_length: z.number().nullish(),
    max_length: z.number().nullish(),
    channel_types: z.array(z.number()).nullish(),
    file_types: z.array(z.string()).nullish(),
    name_localizations: Localizations,
    description_localizations: Localizations,
  }),
);

const commandFields = {
  type: z.number().nullish(),
  name_localizations: Localizations,
  description: z.string().nullish(),
  description_localizations: Localizations,
  options: z.array(CommandOption).nullish(),
  default_member_permissions: z.union([z.string(), z.number()]).nullish(),
  dm_permission: z.boolean().nullish(),
  contexts: z.array(z.number()).nullish(),
  integration_types: z.array(z.number()).nullish(),
  nsfw: z.boolean().nullish(),
  /** The handler of an Entry Point command. */
  handler: z.number().nullish(),
};
export const CommandBody = z.object({ name: z.string(), ...commandFields });
export const CommandPatch = z.object({ name: z.string().optional(), ...commandFields });
export type CommandBody = z.infer<typeof CommandBody>;
export type CommandPatch = z.infer<typeof CommandPatch>;

export const DmBody = z.object({ recipient_id: Id });
