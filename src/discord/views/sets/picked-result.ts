import { ComponentType } from 'discord.js';
import { type Locale, text } from '../../../locales/index.js';
import type { Catalogue } from '../../../mps/catalogue/catalogue.js';
import type { Kind } from '../../../mps/generation-request.js';
import type { Task } from '../../../tasks/model/task.js';
import { partId } from '../../../tasks/model/task-set.js';
import { asV2, drawPanel, type PanelCard, type V2Card } from '../message.js';
import { resultButtons } from '../task-card.js';
import { button } from '../task-ending.js';
import { nameOfModel } from './set-lines.js';

/** One result of a set, chosen by its number. */
export interface Picked {
  readonly task: Task;
  readonly number: number;
  /** Its file in the message of the set; undefined if it isn't there. */
  readonly file: { readonly url: string; readonly spoiler: boolean } | undefined;
}

interface Tools {
  readonly catalogue: Catalogue;
  readonly enabled: Readonly<Record<Kind, boolean>>;
}

/**
 * Shows the chosen result again, with its buttons: those that need a picture take this one. Pure.
 */
export function drawPicked({ task, number, file }: Picked, locale: Locale, tools: Tools): V2Card {
  const [fromPicture, others] = resultButtons(task, locale, tools);
  // A picture is redrawn from itself.
  const usable = others.filter(({ custom_id }) => file ?? !custom_id.startsWith('v1:upscale:'));
  const erase = button('erase', partId(task.id, number), text(locale, 'button.delete'));
  const buttons = [...(file ? fromPicture : []), ...usable, ...(file ? [erase] : [])];
  const rows: PanelCard['components'] = [];
  for (let at = 0; at < buttons.length; at += 5)
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(at, at + 5) });
  const title = `**${number}** · ${nameOfModel(task, tools.catalogue)}`;
  const { flags, allowed_mentions, components } = asV2(
    drawPanel(file ? [title] : [title, text(locale, 'pick.gone', { number })]),
  );
  return {
    flags,
    allowed_mentions,
    components: [
      ...components,
      ...(file
        ? [
            {
              type: ComponentType.MediaGallery as const,
              items: [{ media: { url: file.url }, ...(file.spoiler && { spoiler: true }) }],
            },
          ]
        : []),
      ...rows,
    ],
  };
}
