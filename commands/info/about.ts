import { type APIButtonComponent, ButtonStyle, ComponentType } from 'discord.js';
import type { Command } from '../../src/discord/interactions/command.js';
import type { Bot, ServiceStatus, Uses } from '../../src/discord/services/bot.js';
import { drawBlocks } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import { version } from '../../src/util/http.js';
import { slashCommand } from '../shared/option-builders.js';

/** `/about`: version, who runs this bot, its pages, and how it is doing. */
export const about = {
  name: 'about',
  everywhere: true,
  data: () => slashCommand('about', []),

  async run(interaction, bot: Uses<'config' | 'guilds' | 'mentions' | 'responder' | 'status'>) {
    const [locale, status] = await Promise.all([bot.guilds.locale(interaction), bot.status()]);
    const { links, operators } = bot.config;
    const { of } = bot.mentions;
    const lines = [
      `### Easel ${version}`,
      text(locale, 'about.what', { help: of('help') }),
      contactLine(links.support !== undefined, operators, locale),
      text(locale, 'about.data', { privacy: of('privacy') }),
    ];
    const state = [`### ${text(locale, 'about.status')}`, ...statusLines(status, locale)];
    const card = drawBlocks([lines.join('\n'), state.join('\n')], rowOf(links, locale));
    await bot.responder.whisper(interaction, card);
  },
} satisfies Command<Bot>;

/** Operators are named by mentions, which ping no one in an answer that only the member sees. */
function contactLine(hasSupport: boolean, operators: readonly string[], locale: Locale): string {
  const who = operators.slice(0, 5).map((id) => `<@${id}>`);
  if (hasSupport) return text(locale, 'about.contact.support');
  return who.length > 0
    ? text(locale, 'about.contact.operators', { who: who.join(text(locale, 'list.comma')) })
    : text(locale, 'about.contact.none');
}

function statusLines({ imageService, waiting, store }: ServiceStatus, locale: Locale): readonly string[] {
  const service = text(locale, `about.status.${imageService}`, { count: waiting });
  return [
    ...(imageService === 'well' && !store ? [] : [service]),
    ...(store ? [] : [text(locale, 'about.status.store')]),
  ];
}

/** A button for each page that the operator has set. */
function rowOf(links: Uses<'config'>['config']['links'], locale: Locale): Parameters<typeof drawBlocks>[1] {
  const buttons = (['about', 'privacy', 'terms', 'support'] as const).flatMap(
    (page): APIButtonComponent[] => {
      const url = links[page];
      if (url === undefined) return [];
      return [
        {
          type: ComponentType.Button,
          style: ButtonStyle.Link,
          label: text(locale, `button.page.${page}`),
          url,
        },
      ];
    },
  );
  return buttons.length > 0 ? [{ type: ComponentType.ActionRow, components: buttons }] : [];
}
