import { type APIButtonComponentWithCustomId, ButtonStyle, ComponentType } from 'discord.js';
import { type Locale, text } from '../locales/index.js';
import { isKept } from '../tasks/record.js';
import type { Task } from '../tasks/task.js';
import { isOver } from '../tasks/transition.js';
import { drawPanel, type PanelCard } from './cards.js';
import { controlId, customId } from './custom-id.js';
import { escapeWords } from './escape.js';

interface View {
  /** How many tasks go before this one; undefined for one that does not wait. */
  readonly ahead?: (task: Task) => number | undefined;
  /** From 0. */
  readonly page?: number;
}

/** Tasks on a page: two rows of buttons, and one to turn pages. */
const perPage = 10;

/** A person's tasks, youngest last, a line each: those on their way with what can be done about them, and recent ones. */
export function drawTaskList(tasks: readonly Task[], locale: Locale, view: View = {}): PanelCard {
  if (tasks.length === 0) return drawPanel([text(locale, 'tasks.none')], []);
  const { ahead = () => undefined, page = 0 } = view;
  const pages = Math.ceil(tasks.length / perPage);
  const shown = Math.min(page, pages - 1);
  const listed = [...tasks].reverse().slice(shown * perPage, (shown + 1) * perPage);
  const numbered = listed.map((task, index) => ({ task, number: shown * perPage + index + 1 }));
  const lines = numbered.map(({ task, number }) => {
    const words = escapeWords(task.request.prompt, 60) || text(locale, 'tasks.noWords');
    return `${number}\\. ${[words, standing(task, locale, ahead(task)), ...link(task)].join(' · ')}`;
  });
  const buttons = numbered.flatMap(({ task, number }) => action(task, number, locale));
  const rows = [buttons.slice(0, 5), buttons.slice(5), turns(shown, pages)];
  return drawPanel(
    lines,
    rows.flatMap((components) =>
      components.length > 0 ? [{ type: ComponentType.ActionRow, components }] : [],
    ),
  );
}

function standing(task: Task, locale: Locale, ahead: number | undefined): string {
  if (isKept(task)) return text(locale, 'tasks.kept');
  const { state, release } = task;
  if (state.name === 'queued' && ahead) return text(locale, 'tasks.position', { ahead });
  if (state.name === 'failed' && isOver(state)) return text(locale, 'tasks.told');
  if (state.name === 'running' && release) return text(locale, `tasks.released.${release.wish}`);
  return text(locale, `tasks.${state.name}`);
}

/** Where a result was posted; Discord shows such an address as the name of its channel. */
function link({ state, origin: { guildId = '@me' } }: Task): string[] {
  if (state.name !== 'delivered' || !state.posted.messageId) return [];
  const { channelId, messageId } = state.posted;
  const guild = state.route === 'direct' ? '@me' : guildId;
  return [`https://discord.com/channels/${guild}/${channelId}/${messageId}`];
}

function action(task: Task, number: number, locale: Locale): APIButtonComponentWithCustomId[] {
  if (isKept(task)) return [button(customId('collect', task.id), text(locale, 'button.collect', { number }))];
  const { name } = task.state;
  if (name === 'running')
    return [button(customId('release', task.id), text(locale, 'button.release.number', { number }))];
  if (name !== 'queued') return [];
  return [button(customId('cancel', task.id), text(locale, 'button.cancel.number', { number }))];
}

function turns(page: number, pages: number): APIButtonComponentWithCustomId[] {
  const turn = (to: number, label: string) => button(controlId('tasks', `page:${to}`), label);
  return [...(page > 0 ? [turn(page - 1, '◀')] : []), ...(page < pages - 1 ? [turn(page + 1, '▶')] : [])];
}

function button(custom_id: string, label: string): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style: ButtonStyle.Secondary, label, custom_id };
}
