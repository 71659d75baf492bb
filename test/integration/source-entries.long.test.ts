import { it } from 'vitest';
import { type SourceEntry, type SourceKind, sourceEntries, sourceKinds, tryAll } from './source-entries.js';

const kinds = Object.keys(sourceKinds) as SourceKind[];

it.each(Object.keys(sourceEntries) as SourceEntry[])('%s takes every kind of picture', (entry) =>
  tryAll(kinds.map((kind) => [entry, kind])),
);
