import type { MessageComponentInteraction } from 'discord.js';
import { circumstancesOf, objection } from '../../src/discord/access/guild-policy.js';
import { isManager, moderatesMembers } from '../../src/discord/access/permissions.js';
import { type AnswerableInteraction, guildOf, placeOf } from '../../src/discord/access/request-origin.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { drawBlocks, say, type V2Card } from '../../src/discord/views/message.js';
import { defaultSettings, type GuildSettings } from '../../src/guilds/settings.js';
import { type Locale, text } from '../../src/locales/index.js';
import { StoreError } from '../../src/store/store.js';
import { whyClosed } from '../../src/tasks/model/operator-access.js';
import { standingLines } from '../quota/show.js';
import { kindsOf, ruleLines } from '../settings/summary.js';
import { seenBy } from '../settings/view-model.js';
import { slashCommand } from '../shared/option-builders.js';
import { ways } from './ways.js';

export type HelpNeeds = 'catalogue' | 'config' | 'guilds' | 'mentions' | 'now' | 'quota' | 'responder';

/** `/help`: what one can do here, what the server allows, and what is left. */
export const help = {
  name: 'help',
  everywhere: true,
  data: () => slashCommand('help', []),

  async run(interaction, bot: Uses<HelpNeeds>) {
    const locale = await bot.guilds.locale(interaction);
    const [rules, left] = await Promise.all([
      rulesBlock(interaction, locale, bot),
      leftBlock(interaction, locale, bot),
    ]);
    const { client, applicationId } = interaction;
    const reader = {
      locale,
      kinds: kindsOf(bot),
      bot: `<@${client.user?.id ?? applicationId}>`,
      isManager: isManager(interaction),
      isModerator: moderatesMembers(interaction),
      inGuild: guildOf(interaction) !== undefined,
      changes: bot.catalogue.list('video').some(({ clips }) => clips),
      extends: bot.config.video.extendMaxSeconds !== undefined,
      shots: bot.catalogue.list('video').some(({ shots }) => shots),
      named: kindsOf(bot).some((kind) => bot.catalogue.list(kind).some(({ namesSources }) => namesSources)),
    };
    const more = `-# ${text(locale, 'help.more', { about: bot.mentions.of('about') })}`;
    const card = drawBlocks([
      inBlock(locale, 'help.title', ways(reader, bot.mentions.of)),
      rules,
      left,
      more,
    ]);
    await bot.responder.whisper(interaction, card);
  },
} satisfies Command<Bot>;

/** What the server allows, on its own: what *Rules* under the greeting shows. */
export async function drawRules(
  interaction: MessageComponentInteraction,
  bot: Uses<HelpNeeds>,
): Promise<V2Card> {
  const locale = await bot.guilds.locale(interaction);
  const help = `-# ${text(locale, 'help.rules.more', { help: bot.mentions.of('help') })}`;
  return drawBlocks([await rulesBlock(interaction, locale, bot), help]);
}

/** What may be ordered where the user is, and, if nothing may be ordered here, why. */
async function rulesBlock(
  interaction: AnswerableInteraction,
  locale: Locale,
  bot: Uses<'catalogue' | 'config' | 'guilds' | 'now'>,
): Promise<string> {
  const title = guildOf(interaction) === undefined ? 'help.rules.direct' : 'help.rules.title';
  const closed = whyClosed(bot.config.access, placeOf(interaction));
  if (closed) return inBlock(locale, title, [say(closed, locale)]);
  const rules = await bot.guilds.rules(interaction).catch(ifStoreFails);
  if (!rules) return inBlock(locale, title, [text(locale, 'help.unknown')]);
  const seen = await seenBy(interaction, bot, rules);
  // Only a server has rules; elsewhere the bot's own models are all there is to say.
  const lines =
    guildOf(interaction) === undefined ? ruleLines(seen).slice(0, kindsOf(bot).length) : ruleLines(seen);
  return inBlock(locale, title, [...objectionsHere(interaction, rules, locale, bot), ...lines]);
}

/** Why this member can't order here, each reason once. */
function objectionsHere(
  interaction: AnswerableInteraction,
  rules: GuildSettings,
  locale: Locale,
  bot: Uses<'catalogue' | 'config'>,
): readonly string[] {
  if (rules === defaultSettings) return [];
  const here = circumstancesOf(interaction);
  const reasons = kindsOf(bot).flatMap((kind) => {
    // Models that are switched off have a line of their own.
    const found = objection({ ...rules, modelsOff: [] }, here, kind, { id: '', label: '' });
    return found ? [`⚠️ ${say(found, locale)}`] : [];
  });
  return [...new Set(reasons)];
}

async function leftBlock(
  interaction: AnswerableInteraction,
  locale: Locale,
  bot: Uses<'catalogue' | 'config' | 'quota'>,
): Promise<string> {
  const standings = await bot.quota.standings(interaction).catch(ifStoreFails);
  if (!standings) return inBlock(locale, 'help.left', [text(locale, 'help.unknown')]);
  const isOperator = bot.config.operators.includes(interaction.user.id);
  const { currency } = bot.catalogue;
  return inBlock(locale, 'help.left', standingLines(standings, { locale, isOperator, currency }));
}

/** Help must not fail with the store. @throws any other error. */
function ifStoreFails(error: unknown): undefined {
  if (!(error instanceof StoreError)) throw error;
}

function inBlock(locale: Locale, title: HelpTitle, lines: readonly string[]): string {
  return [`### ${text(locale, title)}`, ...lines].join('\n');
}

type HelpTitle = 'help.title' | 'help.left' | 'help.rules.title' | 'help.rules.direct';
