import { z } from 'zod';
import { ComponentBody } from '../body-schemas.js';
import type { Upload } from '../messages/cdn.js';
import { permissions } from '../world/permissions.js';

/** Bodies of `/_control`. Files are `{filename, base64, description?}`. */

const UploadBody = z
  .strictObject({
    filename: z.string(),
    base64: z.base64(),
    description: z.string().optional(),
    announced: z.string().nullable().optional(),
  })
  .transform(
    ({ filename, base64, description, announced }): Upload => ({
      filename,
      bytes: Buffer.from(base64, 'base64'),
      description,
      announced,
    }),
  );

const isPermission = (name: string): name is keyof typeof permissions => name in permissions;
export const PermissionNames = z.array(z.string().refine(isPermission, 'is no permission'));

/** The acting user and the channel: names or ids. */
const userContext = { user: z.string(), channel: z.string().default('general') };
const settings = {
  locale: z.string().optional(),
  integration: z.enum(['guild', 'user']).optional(),
};
const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), UploadBody])).default({});

export const TypeBody = z.strictObject({ ...userContext, ...settings, line: z.string() });
export const CommandCall = z.strictObject({ ...userContext, ...settings, name: z.string(), options: Values });
export const AutocompleteCall = z.strictObject({
  ...userContext,
  ...settings,
  name: z.string(),
  options: Values,
  focused: z.string(),
});
export const MessageCommandCall = z.strictObject({
  ...userContext,
  ...settings,
  name: z.string(),
  messageId: z.string(),
});
export const PressCall = z.strictObject({ ...userContext, messageId: z.string(), button: z.string() });
export const SelectCall = z.strictObject({
  ...userContext,
  messageId: z.string(),
  customId: z.string(),
  values: z.array(z.string()),
});
export const ModalCall = z.strictObject({
  ...userContext,
  interactionId: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string()), z.array(UploadBody)])),
});
const StickerBody = z
  .strictObject({ name: z.string(), format: z.enum(['png', 'apng', 'lottie', 'gif']), base64: z.base64() })
  .transform(({ name, format, base64 }) => ({ name, format, bytes: Buffer.from(base64, 'base64') }));

export const SendCall = z.strictObject({
  ...userContext,
  text: z.string().default(''),
  replyTo: z.string().optional(),
  mentionReply: z.boolean().optional(),
  files: z.array(UploadBody).optional(),
  stickers: z.array(StickerBody).max(3).optional(),
  components: z.array(ComponentBody).optional(),
});
export const MessageCall = z.strictObject({ ...userContext, messageId: z.string() });
export const EditCall = z.strictObject({ ...userContext, messageId: z.string(), text: z.string() });

export const NewUserBody = z.strictObject({
  username: z.string(),
  globalName: z.string().optional(),
  locale: z.string().optional(),
  uploadLimit: z.number().int().optional(),
  bot: z.boolean().optional(),
});
const tier = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]);
const channelFields = {
  name: z.string(),
  nsfw: z.boolean().optional(),
  denyBot: PermissionNames.optional(),
  denyEveryone: PermissionNames.optional(),
};
export const NewGuildBody = z.strictObject({
  name: z.string(),
  id: z
    .string()
    .regex(/^\d{17,20}$/)
    .optional(),
  owner: z.string().optional(),
  preferredLocale: z.string().optional(),
  premiumTier: tier.optional(),
  installed: z.boolean().optional(),
  unavailable: z.boolean().optional(),
  systemChannel: z.strictObject(channelFields).optional(),
});
export const NewChannelBody = z.strictObject({ guild: z.string(), ...channelFields });
export const NewMemberBody = z.strictObject({
  guild: z.string(),
  user: z.string(),
  roles: z.array(z.string()).optional(),
});
export const TierBody = z.strictObject({ premiumTier: tier });
export const DenyBody = z.strictObject({ permissions: PermissionNames });
export const PortalBody = z.strictObject({ messageContent: z.boolean() });
export const DmsBody = z.strictObject({ accepts: z.boolean() });

const TokenDeath = z.union([z.literal(50027), z.literal(10015), z.literal(10062), z.literal(10008)]);
const where = {
  method: z.string().optional(),
  route: z.string().optional(),
  at: z.enum(['api', 'cdn']).optional(),
  times: z.number().int().min(1).optional(),
};
export const FaultBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reset'), ...where }),
  z.strictObject({ kind: z.literal('resetAfter'), ...where }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int(),
    code: z.number().int().optional(),
    message: z.string().optional(),
    ...where,
  }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0), ...where }),
  z.strictObject({
    kind: z.literal('429'),
    retryAfter: z.number().min(0).optional(),
    scope: z.enum(['user', 'global', 'shared']).optional(),
    bare: z.boolean().optional(),
    ...where,
  }),
  z.strictObject({ kind: z.literal('noFiles'), keeps: z.number().int().min(0).optional(), ...where }),
  z.strictObject({ kind: z.literal('expireToken'), code: TokenDeath.optional(), ...where }),
]);
export const FiltersBody = z.strictObject({
  autoMod: z
    .array(
      z.strictObject({
        guildId: z.string().optional(),
        words: z.array(z.string()).min(1),
        code: z.union([z.literal(200_000), z.literal(200_001)]).optional(),
        ephemeral: z.boolean().optional(),
        sparesAnswers: z.boolean().optional(),
      }),
    )
    .default([]),
  harmful: z.array(z.string()).default([]),
  /** Files whose names contain one of these, or that have at least so many bytes. */
  media: z
    .strictObject({ names: z.array(z.string()).default([]), leastBytes: z.number().int().optional() })
    .optional(),
});
export const ThreadBody = z.strictObject({
  locked: z.boolean().optional(),
  archived: z.boolean().optional(),
});
export const ExpireBody = z.strictObject({ code: TokenDeath.optional() }).default({});
export const DropBody = z.strictObject({ code: z.number().int().optional() }).default({});
export const InvalidBody = z.strictObject({ resumable: z.boolean() });
export const AcksBody = z.strictObject({ stopped: z.boolean() });
export const RefuseBody = z.strictObject({ refused: z.boolean() });
export const ReplayBody = z.strictObject({ last: z.number().int().min(1) });
export const DuplicateBody = z.strictObject({ name: z.string(), on: z.boolean().default(true) });
export const ClockBody = z.strictObject({ advanceMs: z.number().min(0) });
