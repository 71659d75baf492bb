import { readFileSync } from 'node:fs';
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { ModelRules, Problem } from '../../config/config.js';
import { shown } from '../../config/config-error.js';
import { nearest } from '../../config/spelling.js';
import type { Kind } from '../generation-request.js';
import { type Catalogue, type CatalogueOverrides, createCatalogue, toId, unlistedIds } from './catalogue.js';
import { clipScenes as allClipScenes } from './model-rules.js';
import { type Fault, readEntry, toFaults } from './models-file-entry.js';
import { fileSchema, outlineSchema } from './models-file-schema.js';

const kinds = ['image', 'video'] as const satisfies readonly Kind[];
const variable = 'MODELS_FILE';
/** What JSON's reader misses, in words; jsonc-parser names it. */
const missed: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'a name in double quotes',
  ValueExpected: 'a value',
  ColonExpected: 'a colon',
  CommaExpected: 'a comma',
  CloseBraceExpected: 'a closing }',
  CloseBracketExpected: 'a closing ]',
  EndOfFileExpected: 'nothing after the last }',
  UnexpectedEndOfComment: 'a closing */',
  UnexpectedEndOfString: 'a closing "',
};

/** Models that MPS is known to refuse whatever is asked of them, though older documents name them, with what it says. */
const refused: Readonly<Record<string, string>> = { Wan: 'Not support model name.' };

interface Opened {
  readonly catalogue: Catalogue;
  readonly rules: ModelRules;
  /** What the operator should know though nothing is wrong with it, a sentence each. */
  readonly warnings: readonly string[];
}

/**
 * The models available, with the changes that the operator's file makes, and what the configuration must know of
 * them. The file is JSON and may have comments. What is wrong with it is in `rules.problems`, each with its line and
 * column, and is left out of the catalogue: `loadConfig` refuses it together with all else.
 * @param path MODELS_FILE, if it is set.
 * @param extra EXTRA_MODELS: unlisted models that are switched on.
 * @param scenes EXPERIMENTAL_SCENES: scenes that are switched on.
 */
export function openCatalogue(
  path?: string,
  extra: readonly string[] = [],
  scenes: readonly string[] = [],
): Opened {
  const read = path === undefined ? { overrides: {}, problems: [] } : readModelsFile(path);
  const clipScenes = allClipScenes.filter((scene) => scenes.includes(scene));
  const catalogue = createCatalogue({ ...read.overrides, extra, clipScenes });
  const rules: ModelRules = {
    find: (kind, name) => catalogue.find(kind, name),
    names: (kind) => catalogue.list(kind).map(({ id }) => id),
    problems: [...read.problems, ...unknownExtras(extra, catalogue)],
  };
  const warnings = kinds.flatMap((kind) =>
    [...catalogue.list(kind)].flatMap(({ name, label }) => {
      const words = refused[name];
      return words === undefined ? [] : [`MODELS_FILE offers ${label}, which MPS refuses: "${words}"`];
    }),
  );
  return { catalogue, rules, warnings };
}

/** Names in EXTRA_MODELS that are no model's. One that is listed anyway does no harm, nor one that MODELS_FILE hides. */
function unknownExtras(extra: readonly string[], catalogue: Catalogue): Problem[] {
  const isKnown = (name: string) =>
    unlistedIds.includes(toId(name)) || kinds.some((kind) => catalogue.find(kind, name));
  return extra
    .filter((name) => !isKnown(name))
    .map((name) => {
      const meant = nearest(toId(name), unlistedIds, 3);
      const found = `${shown(name)}${meant ? `; did you mean ${meant}?` : ', which is no model I know'}`;
      const allowed = `of ${unlistedIds.join(', ')}, with commas between them`;
      return { variable: 'EXTRA_MODELS', found, allowed, where: '.env.example explains it' };
    });
}

/** What of the file at `path` can be understood, and all that is wrong with it. */
export function readModelsFile(path: string): {
  overrides: CatalogueOverrides;
  problems: readonly Problem[];
} {
  try {
    return parseModels(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''), path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const found = `${shown(path)}, which cannot be read: ${String(error.code)}`;
    const allowed = 'the path of a JSON file, such as models.jsonc (models.example.jsonc shows one)';
    return { overrides: {}, problems: [{ variable, found, allowed, where: '.env.example explains it' }] };
  }
}

/** The same of a file's text. `name` is the file's, for the messages. */
export function parseModels(
  text: string,
  name: string,
): { overrides: CatalogueOverrides; problems: readonly Problem[] } {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [slip] = errors;
  // One syntax error causes others: what follows can't be trusted.
  if (slip || !tree) return { overrides: {}, problems: slip ? [describeSlip(text, name, slip)] : [] };
  const { overrides, faults } = readModels(getNodeValue(tree));
  const located = [...doubles(tree), ...faults].map((fault) => locate(text, tree, fault));
  const inOrder = located.toSorted((a, b) => a.offset - b.offset);
  return {
    overrides,
    problems: inOrder.map(({ found, allowed, offset, trail }) => {
      return { variable, found, allowed, where: `${name}:${placeOf(text, offset)}${trail}` };
    }),
  };
}

function readModels(value: unknown): { overrides: CatalogueOverrides; faults: readonly Fault[] } {
  const whole = fileSchema.safeParse(value);
  const said = outlineSchema.parse(value);
  const entries = kinds.flatMap((kind) =>
    Object.entries(said[kind]).map(([key, words]) => ({ kind, key, ...readEntry(kind, key, words) })),
  );
  const good = entries.filter(({ faults }) => faults.length === 0);
  const hidden = (of: Kind) =>
    good.filter((entry) => entry.hidden && entry.kind === of).map(({ key }) => key);
  const priced = said.currency === undefined ? good.find(({ rules }) => rules?.price) : undefined;
  const currency = whole.data?.currency;
  return {
    overrides: {
      models: good.flatMap(({ rules }) => rules ?? []),
      hidden: { image: hidden('image'), video: hidden('video') },
      ...(currency && { currency }),
    },
    faults: [
      ...(whole.error ? toFaults(whole.error, Object.keys(fileSchema.shape)) : []),
      ...entries.flatMap((entry, index) => [...namesakes(entries.slice(0, index), entry), ...entry.faults]),
      ...(priced ? [currencyMissing(priced)] : []),
    ],
  };
}

interface Keyed {
  readonly kind: Kind;
  readonly key: string;
}

function currencyMissing({ kind, key }: Keyed): Fault {
  return {
    path: [kind, key, 'price'],
    found: 'a price, in a file that names no currency',
    allowed: '"currency": "CNY", or another, at the top of the file',
  };
}

/** `kling-3.0` and `Kling 3.0` are one model. */
function namesakes(earlier: readonly Keyed[], { kind, key }: Keyed): Fault[] {
  const same = earlier.find((other) => other.kind === kind && toId(other.key) === toId(key));
  if (!same) return [];
  const found = `${shown(key)}, the same model as ${shown(same.key)}`;
  return [{ path: [kind, key], name: true, found, allowed: 'each model once' }];
}

/** Duplicate keys of an object: only the last value would silently count. */
function doubles(node: Node, path: readonly PropertyKey[] = []): Fault[] {
  const children = node.children ?? [];
  if (node.type === 'array') return children.flatMap((child, index) => doubles(child, [...path, index]));
  const names = children.map(nameOf);
  return children.flatMap((property, index) => {
    const [, value] = property.children ?? [];
    const name = names[index] ?? '';
    const below = value ? doubles(value, [...path, name]) : [];
    if (names.indexOf(name) === index) return below;
    const found = `${shown(name)} again`;
    const again = { path: [...path, name], offset: property.offset, found, allowed: 'each name once' };
    return [...below, again];
  });
}

function nameOf(property: Node): string {
  return String(property.children?.[0]?.value);
}

function describeSlip(text: string, name: string, { error, offset, length }: ParseError): Problem {
  const rest = text.slice(offset, offset + Math.max(length, 1));
  return {
    variable,
    found: offset < text.trimEnd().length ? shown(rest) : 'the end of the file',
    allowed:
      missed[printParseErrorCode(error)] ?? 'text in double quotes, numbers, true, false, { … } and [ … ]',
    where: `${name}:${placeOf(text, offset)}`,
  };
}

/** A fault with what was found and where: at what is wrong, or in the object in which something is missing. */
function locate(text: string, tree: Node, fault: Fault) {
  const path = fault.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const value = findNodeAtLocation(tree, path);
  const [label] = fault.name ? (value?.parent?.children ?? []) : [];
  const node = label ?? value;
  const around = node ?? findNodeAtLocation(tree, path.slice(0, -1)) ?? tree;
  return {
    found: fault.found ?? (node ? shownNode(text, node) : 'nothing'),
    allowed: fault.allowed,
    offset: fault.offset ?? around.offset,
    trail: path.length > 0 ? ` (${path.join(' › ')})` : '',
  };
}

/** A value as it stands in the file, on one line. */
function shownNode(text: string, { type, offset, length, value }: Node): string {
  if (type === 'string') return shown(String(value));
  const words = text.slice(offset, offset + length).replace(/\s+/g, ' ');
  return words.length > 80 ? `${words.slice(0, 80)}…` : words;
}

/** Line and column of an offset, counted from 1: `4:17`. */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
