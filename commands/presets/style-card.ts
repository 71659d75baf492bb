import { type APIMessageTopLevelComponent, ComponentType } from 'discord.js';
import { sightOf } from '../../src/discord/access/channel-visibility.js';
import type { AnswerableInteraction } from '../../src/discord/access/request-origin.js';
import type { Uses } from '../../src/discord/services/bot.js';
import { drawBlocks, type V2Card } from '../../src/discord/views/message.js';
import { type Locale, text } from '../../src/locales/index.js';
import type { Preset } from '../../src/presets/preset.js';
import type { Style } from '../../src/presets/style-book.js';
import { styleLines } from './style-lines.js';

/** A style with its example picture, for those who may see the message that shows it. */
export async function drawStyle(
  interaction: AnswerableInteraction,
  style: Style & Pick<Preset, 'example'>,
  locale: Locale,
  bot: Uses<'styles'>,
): Promise<V2Card> {
  const { example } = style;
  const isSeen = example !== undefined && (await sightOf(interaction)(example.channelId));
  const url = isSeen ? await bot.styles.pictureAt(example) : undefined;
  const lines = styleLines(style, locale);
  const card = drawBlocks([[...lines, ...(url ? [text(locale, 'style.show.example')] : [])].join('\n')]);
  if (url === undefined) return card;
  const gallery: APIMessageTopLevelComponent = {
    type: ComponentType.MediaGallery,
    items: [{ media: { url } }],
  };
  return { ...card, components: [...card.components, gallery] };
}
