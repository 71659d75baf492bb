import { join } from 'node:path';
import {
  createCatalogue,
  type Model,
  type ModelSummary,
  summarise,
  unlistedIds,
} from '../../src/mps/catalogue/catalogue.js';
import { openCatalogue } from '../../src/mps/catalogue/models-file.js';
import { priceRange } from '../../src/mps/catalogue/pricing.js';

type Language = 'en' | 'zh-CN';

const words = {
  en: {
    image: ['## Pictures', '| Model | Id | Up to | References | One picture |'],
    video: ['## Clips', '| Model | Id | Seconds | Up to | Sound | One second | Five seconds |'],
    unlisted: '## Models that are off until you name them',
    unlistedAbout:
      "MPS accepts these, although Tencent's public list doesn't name them. `EXTRA_MODELS` or `MODELS_FILE` switches them on; they may disappear without notice.",
    default: ', the default',
    yes: 'yes',
    no: 'no',
    unknown: '?',
  },
  'zh-CN': {
    image: ['## 图片', '| 模型 | id | 最高 | 参考图 | 一张图片 |'],
    video: ['## 视频', '| 模型 | id | 秒数 | 最高 | 声音 | 一秒 | 五秒 |'],
    unlisted: '## 需要手动启用的模型',
    unlistedAbout:
      'MPS 接受以下模型，但腾讯云的公开列表里没有。用 `EXTRA_MODELS` 或 `MODELS_FILE` 启用；它们可能随时消失。',
    default: '（默认）',
    yes: '有',
    no: '无',
    unknown: '？',
  },
} as const;

const defaults: ReadonlySet<string> = new Set(['image:hunyuan-3.0', 'video:kling-3.0']);

/** The generated part of docs/models-and-prices.md, from the catalogue and the prices in models.example.jsonc. */
export function drawModels(language: Language): string {
  const w = words[language];
  const { catalogue: priced } = openCatalogue(join(import.meta.dirname, '../../models.example.jsonc'));
  const builtIn = createCatalogue();
  const tables = (['image', 'video'] as const).map((kind) => {
    const [title, head] = w[kind];
    const rows = builtIn.list(kind).map((model) => {
      // A hidden model is still built in.
      const cost = priceRange(priced.find(kind, model.id) ?? model);
      const seconds = kind === 'video' ? [1, 5] : [1];
      const isLong = (times: number) => kind === 'video' && times > 1 && !takes(model, times);
      const prices = seconds.map((times) => (isLong(times) ? '–' : cost ? range(cost, times) : w.unknown));
      const label = `${model.label}${defaults.has(`${kind}:${model.id}`) ? w.default : ''}`;
      const facts = factsOf(model, summarise(model), language);
      return `| ${[label, `\`${model.id}\``, ...facts, ...prices].join(' | ')} |`;
    });
    const rule = `|${'---|'.repeat(head.split('|').length - 2)}`;
    return [title, '', head, rule, ...rows].join('\n');
  });
  const unlisted = [w.unlisted, '', w.unlistedAbout, '', unlistedIds.map((id) => `\`${id}\``).join(', ')];
  return [...tables, unlisted.join('\n')].join('\n\n');
}

function factsOf(model: Model, { best, seconds, sound, references }: ModelSummary, language: Language) {
  const size = best ?? '–';
  if (model.kind === 'image') return [size, String(references)];
  return [seconds?.join(', ') ?? '–', size, words[language][sound ? 'yes' : 'no']];
}

/** Whether a clip can have that many seconds, as far as is known. */
function takes(model: Model, seconds: number): boolean {
  if (model.kind === 'image') return false;
  const all = model.durations.length > 0 ? model.durations : [model.fixedDuration ?? seconds];
  return all.includes(seconds);
}

function range({ least, most }: { readonly least: number; readonly most: number }, times: number): string {
  const shown = (amount: number) => String(Number((amount * times).toFixed(3)));
  return least === most ? shown(least) : `${shown(least)}–${shown(most)}`;
}

const marks = { begin: '<!-- models: generated -->', end: '<!-- /models -->' };

/** A page with its generated part as it should be. @throws Error if the page has no place for it. */
export function withModels(page: string, language: Language): string {
  const [before, rest] = page.split(marks.begin);
  const after = rest?.split(marks.end)[1];
  if (before === undefined || after === undefined) throw new Error('the page has no place for the models');
  return `${before}${marks.begin}\n\n${drawModels(language)}\n\n${marks.end}${after}`;
}
