import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot } from '../../src/discord/services/bot.js';
import { measures } from '../../src/quota/measures.js';
import { optionsOf, slashCommand, subcommand } from '../shared/option-builders.js';
import { setCeiling } from './ceiling.js';
import { grantExtra } from './grant.js';
import { history } from './history.js';
import { setLimit } from './set.js';
import { showStandings } from './show.js';

/** More than anyone has; sums of it stay exact (quota/measures.ts). */
const most = 10_000_000;

/** Each subcommand checks its own permission: Discord's apply to whole commands. */
const parts: Readonly<Record<string, (interaction: ChatInputCommandInteraction, bot: Bot) => Promise<void>>> =
  { show: showStandings, set: setLimit, grant: grantExtra, history, ceiling: setCeiling };

/** `/quota`: limits, usage and what is left. */
export const quota = {
  name: 'quota',

  data() {
    const { words, oneOf, amount, count, member, role, flag } = optionsOf('quota');
    const required = { required: true };
    const part = (name: string, options: Parameters<typeof subcommand>[2] = []) =>
      subcommand('quota', name, options);
    return slashCommand('quota', [
      part('show'),
      part('set', [
        oneOf('scope', 'scope', ['guild', 'member', 'role'], required),
        oneOf('measure', 'measure', measures, required),
        amount('amount', most),
        role('role'),
      ]),
      part('grant', [
        oneOf('measure', 'measure', measures, required),
        amount('extra', most, true),
        count('days', [1, 366]),
        member('member'),
        role('role'),
      ]),
      part('history'),
      part('ceiling', [
        words('guild', required),
        oneOf('scope', 'scope.ceiling', ['guild', 'member'], required),
        oneOf('measure', 'measure', measures, required),
        amount('amount', most),
        flag('unlimited'),
      ]),
    ]);
  },

  async run(interaction, bot) {
    await parts[interaction.options.getSubcommand()]?.(interaction, bot);
  },
} satisfies Command<Bot>;
