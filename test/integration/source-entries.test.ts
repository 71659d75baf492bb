import { expect, it } from 'vitest';
import { type SourceEntry, type SourceKind, sourceEntries, sourceKinds, tryAll } from './source-entries.js';

const entries = Object.keys(sourceEntries) as SourceEntry[];
const kinds = Object.keys(sourceKinds) as SourceKind[];

// Every pair is tried in source-entries.long.test.ts.
it('every entry point takes a picture, and every kind of picture has an entry point', async () => {
  const pairs = entries.map((entry, at) => [entry, kinds[at % kinds.length] ?? 'png'] as const);
  expect(new Set(pairs.map(([, kind]) => kind)).size).toBe(kinds.length);
  await tryAll(pairs);
});
