import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `@easel/playground 0.1.0`, from the package.json of the package whose `src` or `dist` holds the module. */
export function versionOf(moduleUrl: string): string {
  const file = fileURLToPath(new URL('../package.json', moduleUrl));
  const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as Record<'name' | 'version', string>;
  return `${name} ${version}`;
}
