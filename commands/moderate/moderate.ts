import {
  ApplicationIntegrationType,
  type ChatInputCommandInteraction,
  InteractionContextType,
  PermissionFlagsBits,
} from 'discord.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot } from '../../src/discord/services/bot.js';
import { longestCooldown, mostHourly } from '../../src/moderation/rules.js';
import { optionsOf, slashCommand, subcommand } from '../shared/option-builders.js';
import { showAudit } from './audit.js';
import { blockMember, listBlocks, pardonMember } from './blocks.js';
import { history } from './history.js';
import { showLimits } from './limits.js';
import { showMember, showRefusals } from './members.js';
import { removeResults } from './removal.js';
import { setChannel, setCooldown, setRole } from './rule-commands.js';
import { termNames } from './terms.js';
import { openWords } from './words.js';

/** Each checks the permission itself. */
const parts: Readonly<Record<string, (interaction: ChatInputCommandInteraction, bot: Bot) => Promise<void>>> =
  {
    block: blockMember,
    pardon: pardonMember,
    list: listBlocks,
    member: showMember,
    limits: showLimits,
    refusals: showRefusals,
    history,
    audit: showAudit,
    remove: removeResults,
    words: openWords,
    channel: setChannel,
    role: setRole,
    cooldown: setCooldown,
  };

/** Longest removal and longest look back. */
const mostHours = 24 * 30;
const mostDays = 90;

/** `/moderate`: what a moderator asks and does daily. */
export const moderate = {
  name: 'moderate',
  everywhere: true,

  data() {
    const { words, oneOf, count, member, role, channel, flag } = optionsOf('moderate');
    const part = (name: string, ...options: NonNullable<Parameters<typeof subcommand>[2]>) =>
      subcommand('moderate', name, options);
    const anyone = { says: 'quota.member' } as const;
    const whom = member('member', { ...anyone, required: true });
    return {
      ...slashCommand('moderate', [
        part('block', whom, oneOf('term', 'term', termNames), words('reason')),
        part('pardon', whom, words('reason', { says: 'moderate.note' })),
        part('list'),
        part('member', whom),
        part('limits'),
        part('refusals', count('days', [1, mostDays], false)),
        part('history', words('month'), member('member', anyone)),
        part('audit', count('before', [1, Number.MAX_SAFE_INTEGER], false)),
        part('remove', whom, count('hours', [1, mostHours])),
        part('words'),
        part(
          'channel',
          channel('channel', { says: 'settings.channel', required: true }),
          count('most', [0, mostHourly], false),
        ),
        part('role', role('role', { says: 'quota.role', required: true }), flag('allowed', true)),
        part('cooldown', count('seconds', [0, longestCooldown])),
      ]),
      default_member_permissions: String(
        // Discord wants all of them: the rarer one is looked for in code.
        PermissionFlagsBits.ModerateMembers,
      ),
      contexts: [InteractionContextType.Guild],
      integration_types: [ApplicationIntegrationType.GuildInstall],
    };
  },

  async run(interaction, bot) {
    await parts[interaction.options.getSubcommand()]?.(interaction, bot);
  },
} satisfies Command<Bot>;
