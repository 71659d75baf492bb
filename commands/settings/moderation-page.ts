import { ComponentType, type MessageComponentInteraction, PermissionFlagsBits } from 'discord.js';
import { UserError } from '../../src/errors.js';
import { type Locale, text } from '../../src/locales/index.js';
import { type ModerationRules, mostRoles, noRules } from '../../src/moderation/rules.js';
import { button, type Row, rolesRow, writableChannelRow } from './panel-rows.js';
import { type Seen, saying, summed } from './summary.js';

/** The log, excluded roles, and a button to the word list; channels and the pause are set by command. */
export function moderationRows(seen: Seen): Row[] {
  const { logChannel, deniedRoles } = seen.moderation ?? noRules;
  return [
    writableChannelRow('log_channel', 'rules.pick.log', logChannel, seen),
    rolesRow('denied_roles', 'rules.pick.deniedRoles', deniedRoles, seen),
    {
      type: ComponentType.ActionRow,
      components: [button('words', text(seen.locale, 'button.words'))],
    },
  ];
}

export function moderationLines({ moderation = noRules, locale, mention }: Seen): string[] {
  const { logChannel, words, cooldown, channels, deniedRoles } = moderation;
  const say = saying(locale);
  const off = Object.keys(channels).filter((id) => channels[id] === 0);
  const counts = { refuse: words.refuse.length, review: words.review.length };
  return [
    say('rules.log', logChannel === undefined ? text(locale, 'rules.none') : `<#${logChannel}>`),
    say('rules.words', text(locale, 'rules.words.value', counts)),
    say('rules.cooldown', text(locale, 'card.seconds', { seconds: cooldown })),
    say(
      'rules.deniedChannels',
      summed(
        off.map((id) => `<#${id}>`),
        'rules.none',
        locale,
      ),
    ),
    say(
      'rules.deniedRoles',
      summed(
        deniedRoles.map((id) => `<@&${id}>`),
        'rules.none',
        locale,
      ),
    ),
    byCommand(locale, mention),
  ];
}

/** What moderators do by command, each as a mention. */
function byCommand(locale: Locale, mention: Seen['mention'] = (command) => `/${command}`): string {
  const commands = ['block', 'channel', 'cooldown', 'member', 'audit'] as const;
  const named = commands.map((name) => [name, mention(`moderate ${name}`)] as const);
  return `-# ${text(locale, 'rules.moderation.commands', Object.fromEntries(named))}`;
}

/** A control of this page: what it changes, and what is said of it in the audit list. */
interface RuleControl {
  readonly field: string;
  /** @throws UserError if the values can't be used there. */
  check?(interaction: MessageComponentInteraction, values: readonly string[]): void;
  change(rules: ModerationRules, values: readonly string[]): ModerationRules;
}

/** @throws UserError if Easel may not write there, or everyone could read along. */
function requireLogChannel({ guild }: MessageComponentInteraction, [id]: readonly string[]): void {
  const channel = id === undefined ? undefined : guild?.channels.cache.get(id);
  if (!guild || !channel) return;
  const { ViewChannel, SendMessages, ReadMessageHistory } = PermissionFlagsBits;
  const needed = [ViewChannel, SendMessages, ReadMessageHistory];
  if (guild.members.me && !channel.permissionsFor(guild.members.me).has(needed))
    throw new UserError({ key: 'rules.error.log.permission' });
  if (channel.permissionsFor(guild.roles.everyone).has(ViewChannel))
    throw new UserError({ key: 'rules.error.log.public' });
}

export const ruleControls: Readonly<Record<string, RuleControl>> = {
  log_channel: {
    field: 'moderation.logChannel',
    check: requireLogChannel,
    change({ logChannel: _before, ...rules }, [channel]) {
      return channel === undefined ? rules : { ...rules, logChannel: channel };
    },
  },
  denied_roles: {
    field: 'moderation.deniedRoles',
    change: (rules, values) => ({ ...rules, deniedRoles: values.slice(0, mostRoles) }),
  },
};
