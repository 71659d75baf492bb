import type { Sentence } from '../../errors.js';
import type { GuildSettings } from '../../guilds/settings.js';
import type { Kind } from '../../mps/generation-request.js';
import type { Origin } from '../../tasks/model/task.js';
import { type AnswerableInteraction, rolesOf } from './request-origin.js';

/** Where and by whom something is ordered, as far as the guild's rules are concerned. */
export interface Circumstances {
  /** The channel, and a thread's parent. */
  readonly channels: readonly string[];
  /** Ids of the user's roles, `@everyone` among them. */
  readonly roles: readonly string[];
  readonly ageRestricted: boolean;
}

/** The rules of a guild that a request can violate. */
export type Rules = Pick<GuildSettings, 'channels' | 'roles' | 'modelsOff' | 'content' | 'ageLimit'>;

/** A model as named in `modelsOff`: image and video models may share a name. */
export function offKey(kind: Kind, model: string): string {
  return `${kind}:${model}`;
}

/** Whether the guild lets users use the model. */
export function isOn({ modelsOff }: Pick<Rules, 'modelsOff'>, kind: Kind, model: string): boolean {
  return !modelsOff.includes(offKey(kind, model));
}

/**
 * The first rule that a request violates, with what to do; undefined if it is allowed. No quota is used by then.
 * @param model its id and display name.
 */
export function objection(
  rules: Rules,
  { channels, roles, ageRestricted }: Circumstances,
  kind: Kind,
  model: { readonly id: string; readonly label: string },
): Sentence | undefined {
  if (!allows(rules.channels, channels))
    return { key: 'error.policy.channel', mentions: { channels: rules.channels } };
  if (!allows(rules.roles, roles)) return { key: 'error.policy.role', mentions: { roles: rules.roles } };
  if (!isOn(rules, kind, model.id)) return { key: 'error.policy.model', params: { model: model.label } };
  if (ageRestricted || holdsAny(rules.ageLimit.except, channels)) return undefined;
  if (rules.content[kind] === 'age-restricted') return { key: `error.policy.content.${kind}` };
  return holdsAny(rules.ageLimit.roles, roles) ? { key: 'error.policy.content.role' } : undefined;
}

/** True if the results of such an order go to moderators first. */
export function isReviewed(
  { review }: Pick<GuildSettings, 'review'>,
  { channels, roles }: Pick<Circumstances, 'channels' | 'roles'>,
): boolean {
  return review.all || holdsAny(review.channels, channels) || holdsAny(review.roles, roles);
}

/** True if the results of such an order are spoilers. */
export function isSpoiler(
  { spoiler, spoilerFor }: Pick<GuildSettings, 'spoiler' | 'spoilerFor'>,
  { channels, roles }: Pick<Circumstances, 'channels' | 'roles'>,
): boolean {
  return spoiler || holdsAny(spoilerFor.channels, channels) || holdsAny(spoilerFor.roles, roles);
}

/** What a guild's rules on channels and roles go by, of an order that was placed. */
export function circumstancesIn({
  channelId,
  parentId,
  guildId,
  roles,
}: Pick<Origin, 'channelId' | 'parentId' | 'guildId' | 'roles'>): Pick<Circumstances, 'channels' | 'roles'> {
  return {
    channels: [channelId, ...(parentId === undefined ? [] : [parentId])],
    roles: [...roles, ...(guildId === undefined ? [] : [guildId])],
  };
}

function holdsAny(listed: readonly string[], held: readonly string[]): boolean {
  return listed.some((one) => held.includes(one));
}

/** An empty list lets everyone in. */
function allows(allowed: readonly string[], held: readonly string[]): boolean {
  return allowed.length === 0 || holdsAny(allowed, held);
}

/**
 * The circumstances of an interaction. For a private thread that the bot isn't in, Discord gives only the id: it
 * counts as not listed and as not age-restricted.
 */
export function circumstancesOf(interaction: AnswerableInteraction): Circumstances {
  const { channel, channelId, guildId } = interaction;
  const thread = channel?.isThread() ? channel : undefined;
  const place = thread ? thread.parent : channel;
  const parentId = thread?.parentId;
  return {
    channels: [...(channelId ? [channelId] : []), ...(parentId ? [parentId] : [])],
    roles: [...rolesOf(interaction), ...(guildId ? [guildId] : [])],
    ageRestricted: place !== null && place !== undefined && 'nsfw' in place && place.nsfw === true,
  };
}
