import { ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../../locales/index.js';
import type { Task, TaskId } from '../../tasks/model/task.js';
import { wholeId } from '../../tasks/model/task-set.js';
import { customId } from './custom-ids.js';
import { drawPanel, type PanelCard } from './message.js';

/** Asks privately what should happen to the result of a running task that the user dismisses. Pure. */
export function drawReleaseChoice({ id, release, state }: Task, locale: Locale): PanelCard {
  return drawPanel(
    [
      text(locale, state.name === 'searching' ? 'release.ask.searching' : 'release.ask'),
      ...(release ? [text(locale, `release.now.${release.wish}`)] : []),
    ],
    [choices(id, locale)],
  );
}

/** A result that is being made: of a set all of them, or one. */
export interface Releasable {
  /** In the message. */
  readonly number: string;
  readonly model: string;
}

/** The same for all results of a set that are being made, or only one of them. Pure. */
export function drawSetReleaseChoice(
  leadId: TaskId,
  running: readonly Releasable[],
  locale: Locale,
): PanelCard {
  const options = running.map(({ number, model }) => ({
    label: `${number} · ${model}`.slice(0, mostLabel),
    value: number,
  }));
  const select = {
    type: ComponentType.StringSelect as const,
    custom_id: customId('release', leadId),
    placeholder: text(locale, 'release.which'),
    options,
  };
  return drawPanel(
    [text(locale, 'release.ask.set', { count: running.length })],
    [
      choices(wholeId(leadId), locale),
      ...(running.length > 1 ? [{ type: ComponentType.ActionRow as const, components: [select] }] : []),
    ],
  );
}

/** The most letters of an option's label, as Discord takes them. */
const mostLabel = 100;

function choices(id: TaskId, locale: Locale): PanelCard['components'][number] {
  const button = (verb: 'quiet' | 'discard') => ({
    type: ComponentType.Button as const,
    style: ButtonStyle.Secondary as const,
    label: text(locale, `button.${verb}`),
    custom_id: customId(verb, id),
  });
  return { type: ComponentType.ActionRow, components: [button('quiet'), button('discard')] };
}
