import type { ChatInputCommandInteraction } from 'discord.js';
import { requireModeration } from '../../src/discord/access/permissions.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { type TextKey, type TextParams, text } from '../../src/locales/index.js';
import { type ModerationRules, mostChannels, mostRoles } from '../../src/moderation/rules.js';

type Needs = Uses<'moderation' | 'guilds' | 'responder'>;

interface Change {
  readonly field: string;
  readonly change: (rules: ModerationRules) => ModerationRules;
  readonly key: TextKey;
  readonly params: TextParams;
}

async function apply(interaction: ChatInputCommandInteraction, bot: Needs, wanted: Change): Promise<void> {
  const guildId = requireModeration(interaction);
  const entry = { act: 'settings' as const, by: interaction.user.id, details: { fields: [wanted.field] } };
  await bot.moderation.rules.change(guildId, entry, wanted.change);
  const locale = await bot.guilds.locale(interaction);
  await bot.responder.whisper(interaction, drawLines([text(locale, wanted.key, wanted.params)]));
}

/** `/moderate channel`: orders an hour in a channel, none at all, or as many as anywhere. */
export async function setChannel(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const { id } = interaction.options.getChannel('channel', true);
  const most = interaction.options.getInteger('most');
  const keys = {
    free: 'moderate.channel.free',
    off: 'moderate.channel.off',
    set: 'moderate.channel.set',
  } as const;
  const key = most === null ? keys.free : most === 0 ? keys.off : keys.set;
  await apply(interaction, bot, {
    field: 'moderation.channels',
    change: (rules) => {
      const { [id]: _before, ...others } = rules.channels;
      if (most !== null && Object.keys(others).length >= mostChannels)
        throw new UserError({ key: 'rules.error.full', params: { max: mostChannels } });
      return { ...rules, channels: most === null ? others : { ...others, [id]: most } };
    },
    key,
    params: { channel: `<#${id}>`, ...(most !== null && { count: most }) },
  });
}

/** `/moderate role`: whether members with a role may use Easel. */
export async function setRole(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const { id } = interaction.options.getRole('role', true);
  const isAllowed = interaction.options.getBoolean('allowed', true);
  await apply(interaction, bot, {
    field: 'moderation.deniedRoles',
    change: (rules) => {
      const others = rules.deniedRoles.filter((one) => one !== id);
      if (!isAllowed && others.length >= mostRoles)
        throw new UserError({ key: 'rules.error.full', params: { max: mostRoles } });
      return { ...rules, deniedRoles: isAllowed ? others : [...others, id] };
    },
    key: isAllowed ? 'moderate.role.on' : 'moderate.role.off',
    params: { role: `<@&${id}>` },
  });
}

/** `/moderate cooldown`: the pause between two orders of a member. */
export async function setCooldown(interaction: ChatInputCommandInteraction, bot: Needs): Promise<void> {
  const seconds = interaction.options.getInteger('seconds', true);
  await apply(interaction, bot, {
    field: 'moderation.cooldown',
    change: (rules) => ({ ...rules, cooldown: seconds }),
    key: seconds === 0 ? 'moderate.cooldown.off' : 'moderate.cooldown.set',
    params: { count: seconds },
  });
}
