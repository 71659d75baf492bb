import type { FormIssue } from '../api-errors.js';
import type { AllowedMentionsBody } from '../body-schemas.js';
import type { GuildRecord } from '../types.js';

/** The users that a message mentions, and those that it pings. */
export interface Mentions {
  /** Ids of users it names; the client draws them as names. */
  readonly users: readonly string[];
  readonly roles: readonly string[];
  readonly everyone: boolean;
  /** Ids of the pinged users, sorted. */
  readonly notified: readonly string[];
}

export interface MentionQuestion {
  readonly texts: readonly string[];
  /** As in the body; undefined lets everything ping. Discord docs: Allowed Mentions Object. */
  readonly allowed: AllowedMentionsBody | undefined;
  readonly guild: GuildRecord | undefined;
  readonly authorId: string;
  readonly mayMentionEveryone: boolean;
  /** The author of the message replied to. */
  readonly repliedTo: string | undefined;
  isUser(id: string): boolean;
}

export function readMentions(question: MentionQuestion): Mentions {
  const { texts, allowed, guild, authorId, mayMentionEveryone, repliedTo, isUser } = question;
  const text = withoutCode(texts.join('\n'));
  const named = unique([...text.matchAll(/<@!?(\d+)>/g)].map(([, id = '']) => id).filter(isUser));
  const namedRoles = unique([...text.matchAll(/<@&(\d+)>/g)].map(([, id = '']) => id));
  const may = (kind: 'users' | 'roles' | 'everyone'): boolean =>
    !allowed || Boolean(allowed.parse?.includes(kind));

  const users = named.filter((id) => may('users') || allowed?.users?.includes(id));
  const roles = namedRoles.filter((id) => {
    const role = guild?.roles.get(id);
    return (
      role !== undefined &&
      (role.mentionable || mayMentionEveryone) &&
      (may('roles') || allowed?.roles?.includes(id))
    );
  });
  const everyone = mayMentionEveryone && may('everyone') && /@(everyone|here)/.test(text);
  const repliedRings = repliedTo !== undefined && (allowed ? allowed.replied_user === true : true);

  const members = [...(guild?.members.values() ?? [])];
  const byRole = members.filter((member) => everyone || member.roles.some((id) => roles.includes(id)));
  const notified = unique([
    ...users,
    ...(repliedRings ? [repliedTo] : []),
    ...byRole.map(({ userId }) => userId),
  ]);
  return {
    users: unique([...named, ...(repliedRings ? [repliedTo] : [])]),
    roles,
    everyone,
    notified: notified.filter((id) => id !== authorId).sort(),
  };
}

/** `parse` and a list of the same kind exclude each other. */
export function allowedMentionsIssues(allowed: AllowedMentionsBody | null | undefined): FormIssue[] {
  return (['users', 'roles'] as const)
    .filter((kind) => allowed?.parse?.includes(kind) && allowed[kind]?.length)
    .map((kind) => ({
      path: ['allowed_mentions'],
      code: 'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
      message: `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
    }));
}

/** Names in code blocks don't count as mentions. */
function withoutCode(text: string): string {
  return text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '');
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
