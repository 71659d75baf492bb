import type { Choice } from '../../src/discord/interactions/command.js';
import type { Model } from '../../src/mps/catalogue/catalogue.js';
import { nameKey } from '../../src/mps/catalogue/model-names.js';
import { mostCompared } from './set-options.js';

/**
 * Suggestions for a list of models, which grows by one at a time: `hunyuan-3.0`, then `hunyuan-3.0, kling-3.0`. A row's
 * name is its value, because Discord puts the name into the field, where the user goes on typing.
 * @param models those that take the order so far.
 */
export function completeCompare(models: readonly Model[], typed: string): Choice[] {
  const pieces = typed.split(/[,，、]/).map((piece) => piece.trim());
  const last = pieces.at(-1) ?? '';
  const before = pieces.slice(0, -1).flatMap((piece) => modelNamed(piece, models) ?? []);
  const current = modelNamed(last, models);
  const others = (listed: readonly string[]) => models.filter(({ id }) => !listed.includes(id));
  const like = others(before).filter(({ id, label }) => isNamed(id, last) || isNamed(label, last));
  const listed = current === undefined ? before : [...new Set([...before, current])];
  const added = current === undefined ? [] : others(listed).map(({ id }) => [...listed, id]);
  const lists = [
    ...(current === undefined ? [] : [listed]),
    ...added,
    ...like.map(({ id }) => [...before, id]),
  ];
  const rows = lists.filter(({ length }) => length <= mostCompared).map((list) => list.join(', '));
  return [...new Set(rows)].filter(fits).map((row) => ({ name: row, value: row }));
}

/** Discord docs: "Application Command Option Choice Structure". */
function fits(row: string): boolean {
  return row.length <= 100;
}

function modelNamed(typed: string, models: readonly Model[]): string | undefined {
  if (typed === '') return undefined;
  return models.find(({ id, label }) => [id, label].some((name) => nameKey(name) === nameKey(typed)))?.id;
}

function isNamed(name: string, typed: string): boolean {
  return nameKey(name).includes(nameKey(typed));
}
