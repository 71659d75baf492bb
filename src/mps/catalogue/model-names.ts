import { lowerCased } from '../../util/lower-case.js';
import type { Rules } from './model-rules.js';

/** What users call families of models besides ModelName; the first Chinese one is shown in Chinese. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  Hunyuan: ['混元'],
  Kling: ['可灵'],
  Hailuo: ['海螺'],
  Qwen: ['通义千问', '千问'],
  PixVerse: ['拍我'],
  Mingmou: ['明眸'],
  MJ: ['midjourney'],
};

const isChinese = /\p{Script=Han}/u;

/** How Chinese users read a model: `可灵 Kling 3.0`. */
export function chineseLabel({ name, label }: Pick<Rules, 'name'> & { readonly label: string }): string {
  const chinese = otherNames[name]?.find((other) => isChinese.test(other));
  return chinese === undefined ? label : `${chinese} ${label}`;
}

/**
 * The same for every way to write a model's name, with or without separators, in English or Chinese:
 * `kling3.0omni` for `KLING 3.0 omni`, `可灵3.0-Omni` and `可灵 Kling 3.0 Omni`.
 */
export function nameKey(text: string): string {
  let key = lowerCased(text).replace(/[\s_-]+/g, '');
  for (const [name, others] of Object.entries(otherNames)) {
    const own = name.toLowerCase();
    for (const other of others) key = key.replace(other, key.includes(own) ? '' : own);
  }
  return key;
}
