import { z } from 'zod';
import { locales } from '../locales/index.js';
import type { Log } from '../log.js';
import type { Table } from '../store/store.js';
import {
  imageOptions,
  mostPresets,
  type OptionsByKind,
  type Preset,
  presetSchema,
  videoOptions,
} from './preset.js';
import { createStoredRows, type StoredRows } from './stored-rows.js';

/** Version 1. A new field gets a default here, so that old rows stay readable. */
const row = z.strictObject({
  v: z.literal(1),
  /** Absent: as Discord says. A language that this Easel doesn't speak any more counts as that. */
  language: z.exactOptional(z.string().max(20)),
  /** Only the user sees their results; absent: as the server has it. */
  private: z.exactOptional(z.boolean()),
  /** Their results are never put into a server's showcase. */
  showcase: z.exactOptional(z.literal(false)),
  /** Style by name; absent: the place's; null: none. */
  style: z.exactOptional(z.string().min(1).max(64).nullable()),
  image: imageOptions.default({}),
  video: videoOptions.default({}),
  presets: z.array(presetSchema).max(mostPresets).default([]),
  last: z.int().min(0).max(999).default(0),
});

/** A user's own defaults and styles; they go with the user wherever Easel is. */
export interface Preferences {
  readonly v: 1;
  readonly language?: string;
  readonly private?: boolean;
  readonly showcase?: false;
  readonly style?: string | null;
  readonly image: OptionsByKind['image'];
  readonly video: OptionsByKind['video'];
  readonly presets: readonly Preset[];
  readonly last: number;
}

export const noPreferences: Preferences = row.parse({ v: 1 }) as Preferences;

export type PreferencesTable = StoredRows<Preferences> & {
  /** Deletes what a user has set, at their request. @throws StoreError */
  forget(userId: string): Promise<void>;
};

export function createPreferencesTable({
  table,
  log,
}: {
  table: Table<unknown>;
  log: Log;
}): PreferencesTable {
  const rows = createStoredRows<Preferences>({
    table,
    name: 'preferences',
    schema: row as unknown as z.ZodType<Preferences>,
    empty: noPreferences,
    log,
  });
  return { ...rows, forget: rows.remove };
}

/** The language they chose, if Easel speaks it. */
export function languageOf({ language }: Preferences) {
  return locales.find((locale) => locale === language);
}

/** Without any default; styles stay, and that results are not to be shown. */
export function withoutDefaults({ presets, last, showcase }: Preferences): Preferences {
  return { ...noPreferences, presets, last, ...(showcase === false && { showcase }) };
}
