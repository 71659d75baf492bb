import { ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Task } from '../../tasks/model/task.js';
import { customId } from './custom-ids.js';
import { drawPanel, type PanelCard } from './message.js';

/** Asks privately what should happen to the result of a running task that the user dismisses. Pure. */
export function drawReleaseChoice({ id, release, state }: Task, locale: Locale): PanelCard {
  const button = (verb: 'quiet' | 'discard') => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: text(locale, `button.${verb}`),
    custom_id: customId(verb, id),
  });
  return drawPanel(
    [
      text(locale, state.name === 'searching' ? 'release.ask.searching' : 'release.ask'),
      ...(release ? [text(locale, `release.now.${release.wish}`)] : []),
    ],
    [{ type: ComponentType.ActionRow, components: [button('quiet'), button('discard')] }],
  );
}
