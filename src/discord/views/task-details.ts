import { type Locale, type TextKey, type TextParams, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Task } from '../../tasks/model/task.js';
import { lastChange, receivedAt } from '../../tasks/model/task-record.js';
import { sourcesOf } from '../../tasks/sources/source-images.js';
import { chosenIn, formatChosen } from '../input/inline-options.js';
import { escapeWords } from './markdown.js';
import { type Card, drawLines } from './message.js';

/**
 * Everything known about a task, one fact per line. Pure.
 * @param clip the follow-up video of the same order.
 */
export function drawDetails(task: Task, locale: Locale, catalogue: Catalogue, clip?: Task): Card {
  const { origin } = task;
  return drawLines([
    ...linesOf(task, locale, catalogue),
    ...(clip ? [text(locale, 'details.then'), ...linesOf(clip, locale, catalogue)] : []),
    `<@${origin.userId}> · <t:${Math.round(receivedAt(task) / 1000)}:f>`,
  ]);
}

function linesOf(task: Task, locale: Locale, catalogue: Catalogue): string[] {
  const { request, cost, made } = task;
  const line = (key: TextKey, params: TextParams) => text(locale, key, params);
  const { model: _model, thenAnimate: _next, ...chosen } = chosenIn(request);
  const label = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const prompt = escapeWords(request.prompt, 1000);
  const pictures = sourcesOf(request).length;
  const counts = line(`details.${cost.unit}`, { count: made?.billed ?? cost.amount });
  return [
    line('details.model', { model: escapeWords(label) }),
    ...(prompt ? [line('details.prompt', { prompt })] : []),
    line('details.options', { options: escapeWords(formatChosen(chosen), 400) }),
    ...(pictures > 0 ? [line('details.pictures', { count: pictures })] : []),
    [counts, ...money(task, locale, catalogue)].join(' · '),
    ...(task.resolution ? [line('details.resolution', { resolution: escapeWords(task.resolution) })] : []),
    line('details.took', { seconds: Math.round((lastChange(task) - receivedAt(task)) / 1000) }),
  ];
}

function money({ cost: { micros } }: Task, locale: Locale, { currency }: Catalogue): string[] {
  if (micros === undefined || currency === undefined) return [];
  return [text(locale, 'details.money', { amount: Number((micros / 1e6).toFixed(4)), currency })];
}
