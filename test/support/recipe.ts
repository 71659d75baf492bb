import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const exec = promisify(execFile);

/** One step of a recipe in docs/development.md. */
export type Step =
  | { readonly do: 'create'; readonly file: string; readonly text: string }
  | { readonly do: 'add'; readonly file: string; readonly below: string; readonly text: string }
  | { readonly do: 'replace'; readonly file: string; readonly old: string; readonly by: string }
  | { readonly do: 'run'; readonly script: string };

const block = /^( *)```(?:ts|sh|json)\n([\s\S]*?)^ *```$/m;

/**
 * The steps of a recipe, in order.
 * @throws Error if the page has no such recipe, or a code block that no sentence introduces.
 */
export function readRecipe(page: string, title: string): readonly Step[] {
  const [, after] = page.split(`\n## ${title}\n`);
  if (after === undefined) throw new Error(`there is no recipe "${title}"`);
  const [section = ''] = after.split(/\n#{1,2} /);
  const steps: Step[] = [];
  let rest = section;
  for (;;) {
    const found = block.exec(rest);
    const prose = found ? rest.slice(0, found.index) : rest;
    for (const [, file = '', old = '', by = ''] of prose.matchAll(
      /In `([^`]+)`, replace `([^`]+)` with `([^`]+)`/g,
    ))
      steps.push({ do: 'replace', file, old, by });
    if (!found) return steps;
    const [whole, indent = '', code = ''] = found;
    steps.push(introduced(prose.trimEnd(), code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')));
    rest = rest.slice(found.index + whole.length);
  }
}

/** The action for a code block, from the sentence before it. */
function introduced(prose: string, text: string): Step {
  const [, created] = /Create `([^`]+)`:$/.exec(prose) ?? [];
  if (created !== undefined) return { do: 'create', file: created, text };
  const [, file, below] = /In `([^`]+)`, below the line `([^`]+)`, add:$/.exec(prose) ?? [];
  if (file !== undefined && below !== undefined) return { do: 'add', file, below, text };
  if (/(Run|Check):$/.test(prose)) return { do: 'run', script: text };
  throw new Error(`no sentence says what to do with ${JSON.stringify(text)}`);
}

/** A copy of the repository, in which recipes are followed. */
export interface Workshop {
  readonly folder: string;
  /** @throws Error if a file or line differs from the recipe, or a command fails; its output is in the message. */
  follow(step: Step, env?: Readonly<Record<string, string>>): Promise<void>;
  /** Files that differ from the repository, `?` before new ones. */
  changed(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Copies the files known to git, new ones included, with the modules linked. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-recipe-'));
  const git = (...words: string[]) => exec('git', words, { cwd: root, maxBuffer: 1 << 24 });
  const { stdout } = await git('ls-files', '-co', '--exclude-standard', '-z');
  const files = stdout.split('\0').filter((name) => name !== '' && !/\.(png|gif|webp)$/.test(name));
  for (const name of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    // A file that was deleted and not committed yet is still listed.
    await cp(join(root, name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const here = (...words: string[]) =>
    exec('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...words], { cwd: folder });
  await here('init', '-q');
  await here('add', '-A');
  await here('commit', '-q', '--no-gpg-sign', '-m', 'before');

  async function edit(file: string, change: (text: string) => string | undefined): Promise<void> {
    const changed = change(await readFile(join(folder, file), 'utf8'));
    if (changed === undefined) throw new Error(`${file} is not as the recipe says`);
    await writeFile(join(folder, file), changed);
  }

  return {
    folder,
    async follow(step, env = {}) {
      if (step.do === 'create') {
        await mkdir(dirname(join(folder, step.file)), { recursive: true });
        return writeFile(join(folder, step.file), step.text, { flag: 'wx' });
      }
      if (step.do === 'add')
        return edit(step.file, (text) => {
          const lines = text.split('\n');
          const at = lines.findIndex((line) => line.trim() === step.below.trim());
          return at < 0 ? undefined : lines.toSpliced(at + 1, 0, step.text.trimEnd()).join('\n');
        });
      if (step.do === 'replace')
        return edit(step.file, (text) =>
          text.includes(step.old) ? text.replace(step.old, () => step.by) : undefined,
        );
      await exec('bash', ['-euo', 'pipefail', '-c', step.script], {
        cwd: folder,
        env: { ...process.env, ...env },
        maxBuffer: 1 << 24,
      }).catch((error: { stdout?: string; stderr?: string }) => {
        throw new Error(`${step.script}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
      });
    },
    async changed() {
      const { stdout } = await here('status', '--porcelain', '-uall');
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.map((line) => line.slice(3)).filter((name) => name !== 'node_modules');
    },
    close: () => rm(folder, { recursive: true }),
  };
}
