import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../src/config/config.js';
import { documentVariables } from '../../../src/config/documentation.js';
import { quotaVariables } from '../../../src/config/quota-variables.js';
import type { Variable } from '../../../src/config/variable-types.js';
import { allVariables } from '../../../src/config/variables.js';
import { ceilingVariables } from '../../../src/quota/operator-limits.js';
import { drawConfigurationPage } from '../../support/configuration-page.js';
import { drawEnvExample } from '../../support/env-example.js';
import { load } from './kit.js';

const documented = documentVariables().flatMap(({ variables }) => variables);

describe('the documentation of the variables', () => {
  it('has every variable in exactly one group', () => {
    expect(documented.map(({ name }) => name).toSorted()).toEqual(Object.keys(allVariables).toSorted());
  });

  it('describes each one in full sentences', () => {
    for (const { name, description, allowed } of documented) {
      expect(description, name).toMatch(/^[A-Z][^\n]+[.)]$/);
      expect(allowed, name).not.toBe('');
    }
  });

  it.each(documented)('gives $name a default and an example that are accepted', ({ name, ...shown }) => {
    const variable: Variable<unknown> | undefined = Object.values(allVariables).find(
      (each) => each.name === name,
    );
    const { schema, fallback, required = false } = variable ?? {};
    const examples = [shown.default, shown.example?.replace(/ .*/, '')].filter((text) => text);
    for (const text of examples) expect(schema?.safeParse(text)).toMatchObject({ success: true });
    if (shown.default !== '') expect(schema?.parse(shown.default)).toEqual(fallback);
    expect(shown.required).toBe(required);
  });

  it('is what .env.example says: `npm run docs:configuration` writes it', async () => {
    await expect(drawEnvExample()).toMatchFileSnapshot('../../../.env.example');
  });

  it('is what docs/configuration.md says: `npm run docs:configuration` writes it', async () => {
    await expect(drawConfigurationPage()).toMatchFileSnapshot('../../../docs/configuration.md');
  });
});

describe('.env.example', () => {
  it('explains every variable, shows its default, and is itself valid', async () => {
    const example = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
    const lines = [...example.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [
      name,
      value,
    ]);
    expect(lines.map(([name]) => name).toSorted()).toEqual(Object.keys(allVariables).toSorted());
    expect(quotaVariables.map(({ name }) => name).toSorted()).toEqual(
      ceilingVariables.map(({ name }) => name).toSorted(),
    );
    const { COS_BUCKET, ...shown }: Environment = Object.fromEntries(lines.filter(([, value]) => value));
    expect(COS_BUCKET).toBeUndefined();
    expect(load(shown)).toEqual(load({}));
    for (const [name] of lines) expect(example).toMatch(new RegExp(`^# .+\\n(# )?${name}=`, 'm'));
  });
});

describe('the table of variables in Chinese', () => {
  it('names every one, the limits as a family', async () => {
    const page = await readFile(new URL('../../../docs/zh-CN/configuration.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/^\| ([^|]*) \|/gm)].map(([, names = '']) => names).join();
    const family = ({ name }: { readonly name: string }) =>
      name.replace(/^QUOTA_MEMBER_/, 'QUOTA_GUILD_').replace(/^(QUOTA_(GUILD|USER|TOTAL)_).*/, '$1');
    const wanted = new Set(Object.values(allVariables).map(family));
    expect([...wanted].filter((name) => !named.includes(`\`${name}`))).toEqual([]);
  });
});
