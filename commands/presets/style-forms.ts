import type { ModalSubmitInteraction } from 'discord.js';
import { requireManager } from '../../src/discord/access/permissions.js';
import type { FormHandler } from '../../src/discord/interactions/command.js';
import type { Bot, Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawLines } from '../../src/discord/views/message.js';
import { UserError } from '../../src/errors.js';
import { text } from '../../src/locales/index.js';
import { added, renamedIn, replaced, withHouse } from '../../src/presets/guild-styles.js';
import type { Preset } from '../../src/presets/preset.js';
import { partOf } from '../../src/tasks/model/task-set.js';
import { type AnswerNeeds, answerForm } from '../settings/form-answer.js';
import { requireAllowedWords } from './allowed-words.js';
import { readHouseForm, readStyleForm } from './style-fields.js';

type Needs = AnswerNeeds;

/** A server's style, added or changed. */
export const styleForm = {
  verb: 'style',
  async submit(interaction, id, bot: Needs) {
    const guildId = requireManager(interaction);
    const no = partOf(id);
    const style = readStyleForm(interaction, await bot.guilds.offer(interaction));
    const { name } = style;
    await requireAllowedWords(guildId, [style], bot);
    await bot.styles.changeGuild(
      guildId,
      interaction.user.id,
      { what: no === 0 ? 'added' : 'changed', name },
      (styles) => {
        if (no === 0) return added(styles, style);
        const before = styles.presets.find((one) => one.no === no)?.name;
        const next = replaced(styles, no, style);
        return before === undefined ? next : renamedIn(next, before, name);
      },
    );
    const said = await saidOf(interaction, no === 0 ? 'style.done.added' : 'style.done.changed', name, bot);
    await answerForm(interaction, guildId, { section: 'styles', said }, bot);
  },
} satisfies FormHandler<Bot>;

/** A style of the user's own. */
export const ownStyleForm = {
  verb: 'ownstyle',
  async submit(interaction, id, bot: Uses<'styles' | 'guilds' | 'responder'>) {
    const no = partOf(id);
    const style = readStyleForm(interaction, await bot.guilds.offer(interaction));
    const { name } = style;
    await bot.styles.changeUser(interaction.user.id, (own) => {
      if (no === 0) return added(own, style);
      const before = own.presets.find((one) => one.no === no)?.name;
      const next = replaced(own, no, style);
      return own.style === before && before !== undefined ? { ...next, style: name } : next;
    });
    const key = no === 0 ? 'style.done.addedOwn' : 'style.done.changed';
    const said = await saidOf(interaction, key, name, bot);
    await bot.responder.whisper(interaction, drawLines([said]));
  },
} satisfies FormHandler<Bot>;

/** What no result of a server may show. */
export const houseForm = {
  verb: 'house',
  async submit(interaction, _id, bot: Needs) {
    const guildId = requireManager(interaction);
    const house = readHouseForm(interaction);
    const act = { what: 'house', ...(house !== '' && { name: house }) } as const;
    await bot.styles.changeGuild(guildId, interaction.user.id, act, withHouse(house));
    const locale = await bot.guilds.locale(interaction);
    const said =
      house === ''
        ? text(locale, 'style.done.noHouse')
        : text(locale, 'style.done.house', { house: escapeWords(house, 500) });
    await answerForm(interaction, guildId, { section: 'styles', said }, bot);
  },
} satisfies FormHandler<Bot>;

async function saidOf(
  interaction: ModalSubmitInteraction,
  key: 'style.done.added' | 'style.done.addedOwn' | 'style.done.changed',
  name: string,
  bot: Uses<'guilds'>,
): Promise<string> {
  const locale = await bot.guilds.locale(interaction);
  return text(locale, key, { style: escapeWords(name) });
}

/** A style by the name that was typed. @throws UserError if there is none. */
export function requirePreset(presets: readonly Preset[], found: Preset | undefined, asked: string): Preset {
  if (found) return found;
  const styles = presets.map(({ name }) => name);
  throw new UserError(
    styles.length > 0
      ? { key: 'style.unknown', params: { asked, styles } }
      : { key: 'style.unknown.none', params: { asked } },
  );
}
