import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { everything } from '../../commands/index.js';
import { rooms, rows } from '../../tools/check-imports.mjs';
import { bannedWords, findBannedWords } from '../support/banned-words.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();
/** Prose that isn't Markdown. */
const others = [
  ...['.env.example', 'models.example.jsonc', 'Dockerfile', 'compose.yaml', '.ci/run'],
  ...['deploy/alerts.yml', 'deploy/easel.service', '.devcontainer/Dockerfile'],
];

/** A heading's anchor, as GitHub makes it. */
function anchor(heading: string): string {
  const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/[`*]/g, '');
  return plain
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

const fences = /^ *```[\s\S]*?^ *```/gm;
const withoutCode = (page: string) => page.replaceAll(fences, '').replaceAll(/`[^`\n]*`/g, '');

function anchorsOf(name: string): ReadonlySet<string> {
  const text = read(name).replaceAll(fences, '');
  return new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchor(heading)));
}

/** Dead links of a page, except those to other sites. */
function deadLinks(name: string, page = read(name)): readonly string[] {
  const links = [
    ...withoutCode(page).matchAll(/\]\(<?([^)>\s]+)>?\)/g),
    ...page.matchAll(/(?:src|href)="([^"]+)"/g),
  ];
  return links
    .map(([, target = '']) => target)
    .filter((target) => !/^(https?|mailto):/.test(target))
    .filter((target) => {
      const [path = '', fragment] = target.split('#');
      const file = path === '' ? name : normalize(join(dirname(name), path));
      if (relative(root, join(root, file)).startsWith('..') || !existsSync(join(root, file))) return true;
      return fragment !== undefined && file.endsWith('.md') && !anchorsOf(file).has(fragment);
    });
}

describe.each(pages)('%s', (name) => {
  it('uses no word that the glossary bans', () => {
    const text = name === join('docs', 'glossary.md') ? withoutTables(read(name)) : read(name);
    expect(findBannedWords(text, bannedWords('docs'))).toEqual([]);
  });

  it('has no dead link', () => {
    expect(deadLinks(name)).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read(name).matchAll(/npm run (?:--silent )?([a-z][\w:-]*)/g)].map(
      ([, script = '']) => script,
    );
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('names variables that exist', () => {
    const example = read('.env.example');
    const named = [...read(name).matchAll(/`([A-Z][A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g)].map(
      ([, variable = '']) => variable,
    );
    const known = new Set([...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, variable]) => variable));
    expect(named.filter((variable) => !known.has(variable) && !elsewhere.has(variable))).toEqual([]);
  });

  it('names files that exist', () => {
    const spans = [
      ...read(name).matchAll(
        /(?<!Create )`((?:\.ci|\.github|commands|deploy|docs|packages|src|test|tools)\/[\w./@-]*)`/g,
      ),
    ];
    const named = spans.map(([, path = '']) => path);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names commands that exist', () => {
    const named = [
      ...read(name)
        .replaceAll(fences, '')
        .matchAll(/`\/([a-z]+)(?: [^`]*)?`/g),
    ].map(([, command = '']) => command);
    expect(named.filter((command) => !commands.has(command) && !paths.has(command))).toEqual([]);
  });
});

/** Variables of tests and tools, which operators don't set. */
const elsewhere = new Set([
  'CHROMIUM_PATH',
  'CI_NODES',
  'CI_TESTS',
  'EVENING_SHOTS',
  'TEST_REPORT',
  'NODE_ENV',
]);
/** Words with a leading slash that are not commands: paths of the health port and of files. */
const paths = new Set(['livez', 'readyz', 'metrics', 'state', 'tmp']);
const commands = new Set(everything.commands.map(({ name }) => name));

/** The glossary's own tables name the words that it bans. */
const withoutTables = (page: string) => page.replaceAll(/^\|.*$/gm, '');

it.each(others)('%s uses no word that the glossary bans', (name) => {
  expect(findBannedWords(read(name), bannedWords('docs'))).toEqual([]);
});

it('comments cite only documents and sections that exist', () => {
  const code = ['src', 'commands', 'packages', 'test', 'tools', 'deploy', '.ci'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const cited = code
    .filter((name) => /(\.(tsx?|m?js|lua|yml)|run)$/.test(name) && !/(^|\/)(node_modules|dist)\//.test(name))
    .filter((name) => !/(docs|recipes\.long)\.test\.ts$/.test(name))
    .flatMap((name) => [
      ...read(name).matchAll(
        /\b(?:docs|facts|cases)\/[\w./-]+\.md(?:#[\w-]+)?|\b(?:libraries|design|house)\.md/g,
      ),
    ])
    .map(([citation]) => citation);
  expect(cited.length).toBeGreaterThan(25);
  const broken = [...new Set(cited)].filter((citation) => {
    const [file = '', section] = citation.split('#');
    return !existsSync(join(root, file)) || (section !== undefined && !anchorsOf(file).has(section));
  });
  expect(broken).toEqual([]);
});

it("the README's reasons cite numbers that the benchmarks have", () => {
  const benchmarks = read('docs/benchmarks.md');
  for (const name of ['README.md', 'README.zh-CN.md']) {
    const [, reasons = ''] = read(name).split(/\n## (?:Why Easel|为什么选择 Easel)\n/);
    const bold = [...(reasons.split('\n## ')[0] ?? '').matchAll(/\*\*([\d.]+)[^*]*\*\*/g)];
    const numbers = bold.map(([, number = '']) => number);
    expect(numbers).toHaveLength(5);
    expect(numbers.filter((number) => !new RegExp(`\\| ${number}[ |]`).test(benchmarks))).toEqual([]);
  }
});

it.each(['README.md', 'README.zh-CN.md'])('%s is at most 160 lines long', (name) => {
  expect(read(name).split('\n').length - 1).toBeLessThanOrEqual(160);
});

it('the architecture lists folders and rooms as the import check knows them', () => {
  const page = read('docs/architecture.md');
  const order = (names: readonly (readonly string[])[]) =>
    names.map((row) => row.map((name) => `\`${name}\``).join(', ')).join(' → ');
  for (const [part, names] of Object.entries(rooms))
    expect(page).toContain(`| \`src/${part}\` | ${order(names)} |`);
  const [, table = ''] = page.split('| Row | Folders |');
  const at = rows.map((row) =>
    row
      .filter((name) => name !== 'ground')
      .map((name) => table.search(new RegExp(`\`(src/)?${name}(\\.ts)?\``))),
  );
  for (const [index, places] of at.entries())
    for (const place of places) expect(place).toBeGreaterThan(Math.max(-1, ...(at[index - 1] ?? [])));
});

it('the dev container installs what .ci/run installs', () => {
  const installed = read('.devcontainer/Dockerfile');
  const wanted = [...read('.ci/run').matchAll(/^step '.* is there' have (\S+)$/gm)].map(
    ([, name = '']) => name,
  );
  expect(wanted).toEqual(['ffmpeg', 'redis-server', 'chromium']);
  for (const name of [...wanted, 'prometheus']) expect(installed).toMatch(new RegExp(` ${name} `));
});

it('the workflow runs .ci/run on the oldest supported Node and on that of the image', () => {
  const { jobs } = parse(read('.github/workflows/ci.yml'));
  const nodes: readonly string[] = jobs.run.strategy.matrix.node;
  const oldest = read('.nvmrc').trim();
  expect(nodes).toContain(oldest);
  expect(JSON.parse(read('package.json')).engines.node).toBe(`>=${oldest.replace(/\.0$/, '')}`);
  expect(nodes).toContain(/^FROM node:(\d+)/m.exec(read('Dockerfile'))?.[1]);
  expect(jobs.run.steps.map((step: { run?: string }) => step.run)).toContain('.ci/run');
});

it.each(
  readdirSync(join(root, '.github'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yml'),
  ),
)('.github/%s is YAML', (name) => expect(parse(read(join('.github', name)))).toEqual(expect.any(Object)));

it('the link check finds a dead link', () => {
  expect(deadLinks('README.md', '[a](docs/none.md) [b](docs/glossary.md#none) [c](LICENSE)')).toEqual([
    'docs/none.md',
    'docs/glossary.md#none',
  ]);
});
