import { type Locale, type TextKey, type TextParams, text } from '../../locales/index.js';
import type { Catalogue } from '../../mps/catalogue/catalogue.js';
import type { Task } from '../../tasks/model/task.js';
import { lastChange, receivedAt } from '../../tasks/model/task-record.js';
import { imagesOf } from '../../tasks/sources/source-images.js';
import { chosenIn, formatChosen } from '../input/inline-options.js';
import { escapeWords } from './markdown.js';
import { type Card, drawLines } from './message.js';

interface More {
  /** The follow-up video of the same order. */
  readonly clip?: Task | undefined;
  /** What is left of the quota, a line each. */
  readonly left?: readonly string[];
}

/**
 * Everything known about a task, one fact per line. Pure.
 */
export function drawDetails(task: Task, locale: Locale, catalogue: Catalogue, more: More = {}): Card {
  const { origin } = task;
  const { clip, left = [] } = more;
  return drawLines([
    ...linesOf(task, locale, catalogue),
    ...(clip ? [text(locale, 'details.then'), ...linesOf(clip, locale, catalogue)] : []),
    ...left,
    `<@${origin.userId}> · <t:${Math.round(receivedAt(task) / 1000)}:f>`,
  ]);
}

function linesOf(task: Task, locale: Locale, catalogue: Catalogue): string[] {
  const { request, cost, made } = task;
  const line = (key: TextKey, params: TextParams) => text(locale, key, params);
  const { model: _model, thenAnimate: _next, enhance, ...rest } = chosenIn(request);
  // Only what was asked for: pictures are enhanced as a rule, and clips are not.
  const isUnusual = enhance !== undefined && enhance !== (request.kind === 'image');
  const options = formatChosen({ ...rest, ...(isUnusual && { enhance }) });
  const label = catalogue.find(request.kind, request.model)?.label ?? request.model;
  const prompt = escapeWords(request.prompt, 1000);
  // A clip that follows starts from the order's own picture.
  const pictures = task.after === undefined ? imagesOf(request).length : 0;
  const counts = line(`details.${cost.unit}`, { count: made?.billed ?? cost.amount });
  return [
    line('details.model', { model: escapeWords(label) }),
    ...(prompt ? [line('details.prompt', { prompt })] : []),
    ...(options ? [line('details.options', { options: escapeWords(options, 400) })] : []),
    ...(request.house ? [line('details.house', { house: escapeWords(request.house, 300) })] : []),
    ...(pictures > 0 ? [line('details.pictures', { count: pictures })] : []),
    [counts, ...moneyOf(task, locale, catalogue)].join(' · '),
    ...filesOf(task, locale),
    line('details.took', { seconds: Math.round((lastChange(task) - receivedAt(task)) / 1000) }),
  ];
}

/** Pixels and size of each file; of old results only what MPS said of a clip. */
function filesOf({ results, resolution }: Task, locale: Locale): string[] {
  const files = (results?.files ?? []).map(({ bytes, width, height, type }) => {
    const pixels = width && height ? `${width} × ${height}` : resolution?.replace('x', ' × ');
    const megabytes = Math.max(0.1, Number((bytes / 1e6).toFixed(1)));
    const format = type.slice(type.indexOf('/') + 1).toUpperCase();
    return text(locale, pixels ? 'details.file' : 'details.file.size', {
      megabytes,
      format: escapeWords(format),
      ...(pixels && { pixels: escapeWords(pixels) }),
    });
  });
  if (files.length > 0 || resolution === undefined) return files;
  return [text(locale, 'details.resolution', { resolution: escapeWords(resolution) })];
}

/** What a task costs, if prices are known. */
export function moneyOf({ cost: { micros } }: Task, locale: Locale, { currency }: Catalogue): string[] {
  if (micros === undefined || currency === undefined) return [];
  return [text(locale, 'details.money', { amount: Number((micros / 1e6).toFixed(4)), currency })];
}
