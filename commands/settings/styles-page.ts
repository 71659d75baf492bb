import { ComponentType, type MessageComponentInteraction } from 'discord.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { escapeWords } from '../../src/discord/views/markdown.js';
import { drawPages } from '../../src/discord/views/message.js';
import { text } from '../../src/locales/index.js';
import { builtInIds, builtInName } from '../../src/presets/built-in.js';
import { type GuildStyles, noStyles, withBuiltIn, withUsual } from '../../src/presets/guild-styles.js';
import { openHouseForm, openStyleForm } from '../presets/open-style-forms.js';
import { listLines, shownName } from '../presets/style-lines.js';
import { button, type Row, select } from './panel-rows.js';
import { optionLabel, type Seen, saying, summed } from './summary.js';

/** In the select: no style. A style can't have this name. */
const none = '-';
/** Most options of a select (Discord docs: Component Reference). */
const maxOptions = 25;

/** The default style, the built-in ones, and the ways to the rest. */
export function stylesRows(seen: Seen): Row[] {
  const { locale, styles = noStyles } = seen;
  const names = [...styles.presets.map(({ name }) => name), ...styles.builtIn].slice(0, maxOptions - 1);
  const labelled = (label: string) => optionLabel('rules.style', label, locale);
  return [
    select('style_usual', 'rules.style', seen, {
      options: [
        { value: none, label: labelled(text(locale, 'style.none')), default: styles.usual === undefined },
        ...[...new Set(names)].map((name) => ({
          value: name,
          label: labelled(shownName(name, styles, locale)),
          default: name === styles.usual,
        })),
      ],
    }),
    select('style_built_in', 'rules.pick.builtIn', seen, {
      min_values: 0,
      max_values: builtInIds.length,
      options: builtInIds.map((id) => ({
        value: id,
        label: builtInName(id, locale),
        default: styles.builtIn.includes(id),
      })),
    }),
    {
      type: ComponentType.ActionRow,
      components: [
        button('style_add', text(locale, 'button.styles.add')),
        button('style_house', text(locale, 'button.styles.house')),
        button('style_list', text(locale, 'button.styles.list')),
      ],
    },
  ];
}

export function stylesLines({ locale, styles = noStyles }: Seen): string[] {
  const say = saying(locale);
  const { presets, builtIn, house, usual } = styles;
  const own = presets.map(({ name }) => escapeWords(name));
  const named =
    usual === undefined ? text(locale, 'style.none') : escapeWords(shownName(usual, styles, locale));
  return [
    say('rules.styles', summed(own, 'style.list.none', locale)),
    say('rules.style', named),
    say(
      'rules.builtIn',
      summed(
        builtIn.map((id) => builtInName(id, locale)),
        'rules.builtIn.none',
        locale,
      ),
    ),
    say('rules.house', house === undefined ? text(locale, 'rules.house.none') : escapeWords(house, 500)),
  ];
}

type Needs = Uses<'styles' | 'guilds' | 'responder'>;
type Use = (
  interaction: MessageComponentInteraction,
  at: { readonly guildId: string; readonly values: readonly string[] },
  bot: Needs,
) => Promise<GuildStyles | undefined>;

/** What a control does; the styles after a change, or undefined if it has answered by itself. */
export const stylesControls: Readonly<Record<string, Use>> = {
  style_usual: ({ user }, { guildId, values: [value = none] }, bot) => {
    const name = value === none ? null : value;
    const act = { what: 'default', ...(name !== null && { name }) } as const;
    return bot.styles.changeGuild(guildId, user.id, act, withUsual(name));
  },
  style_built_in: ({ user }, { guildId, values }, bot) =>
    bot.styles.changeGuild(guildId, user.id, { what: 'builtIn' }, withBuiltIn(values)),
  async style_add(interaction, _at, bot) {
    await openStyleForm(interaction, 'style', undefined, bot);
    return undefined;
  },
  async style_house(interaction, { guildId }, bot) {
    await openHouseForm(interaction, (await bot.styles.ofGuild(guildId)).house, bot);
    return undefined;
  },
  async style_list(interaction, { guildId }, bot) {
    const [styles, locale] = await Promise.all([bot.styles.ofGuild(guildId), bot.guilds.locale(interaction)]);
    await bot.responder.whisper(interaction, ...drawPages(listLines(styles, locale)));
    return undefined;
  },
};
