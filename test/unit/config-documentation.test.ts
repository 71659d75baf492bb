import { describe, expect, it } from 'vitest';
import { documentVariables } from '../../src/config/documentation.js';
import type { Variable } from '../../src/config/variable-types.js';
import { allVariables } from '../../src/config/variables.js';
import { drawConfigurationPage } from '../support/configuration-page.js';
import { drawEnvExample } from '../support/env-example.js';

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
    await expect(drawEnvExample()).toMatchFileSnapshot('../../.env.example');
  });

  it('is what docs/configuration.md says: `npm run docs:configuration` writes it', async () => {
    await expect(drawConfigurationPage()).toMatchFileSnapshot('../../docs/configuration.md');
  });
});
