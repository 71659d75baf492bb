import { z } from 'zod';
import { locales } from '../locales/index.js';
import { largestLimit, measures } from '../quota/measures.js';
import { isTimeZone } from '../quota/period.js';
import { inForce, type Zone } from '../quota/time-zone.js';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

const id = z.string().regex(/^\d{17,20}$/, 'an id of Discord');
const instant = z.int().min(0);
const amount = z.int().min(0).max(largestLimit);
const measure = z.enum(measures);
const timeZone = z.string().refine(isTimeZone, 'a time zone');
const models = z.array(z.string().min(1).max(100)).max(200);
const limits = z.partialRecord(measure, amount);
const override = z.partialRecord(measure, amount.nullable());
const place = z.enum(['anywhere', 'age-restricted']);

const zone = z.strictObject({
  timeZone,
  since: z.exactOptional(instant),
  next: z.exactOptional(z.strictObject({ timeZone, from: instant })),
});

const grant = z.strictObject({
  to: z.union([z.strictObject({ userId: id }), z.strictObject({ roleId: id })]),
  measure,
  extra: amount.min(1),
  expiresAt: instant,
});

/**
 * A guild's settings as they are kept, version 1. A field that comes later gets a default here and old records read on;
 * one that changes its meaning makes a new version.
 */
const record = z.strictObject({
  v: z.literal(1),
  /** Models when a person names none; absent: the operator's. */
  imageModel: z.exactOptional(z.string().min(1).max(100)),
  videoModel: z.exactOptional(z.string().min(1).max(100)),
  /** Seconds of a clip when a person names none; absent: the operator's. */
  duration: z.exactOptional(z.int().min(1).max(600)),
  /** Only the asker sees the answer, unless they say otherwise. */
  private: z.boolean().default(false),
  /** Where people may ask; empty: everywhere. */
  channels: z.array(id).max(100).default([]),
  /** Who may ask, by any of these roles; empty: everybody. */
  roles: z.array(id).max(100).default([]),
  /** Models that are switched off here, each with its kind: `video:kling-3.0`. */
  modelsOff: models.default([]),
  /** `follow`: each person's own language. */
  language: z.enum(['follow', ...locales]).default('follow'),
  /** Absent: the operator's time zone. */
  zone: z.exactOptional(zone),
  membersMayDelete: z.boolean().default(true),
  /** What is written into files about how they were made; absent: as the operator has it. */
  provenance: z.exactOptional(z.enum(['off', 'model', 'full'])),
  /** Results are hidden until somebody wants to see them. */
  spoiler: z.boolean().default(false),
  /** Where pictures and clips may be made, as far as content goes. */
  content: z.strictObject({ image: place, video: place }).default({ image: 'anywhere', video: 'anywhere' }),
  /** The guild's own limits, under the operator's ceiling. */
  limits: z.strictObject({ guild: limits, member: limits }).default({ guild: {}, member: {} }),
  /** By role id: what members with the role have in place of `limits.member`. */
  shares: z.record(id, limits).default({}),
  grants: z.array(grant).max(50).default([]),
  /** An operator's word on this guild, in place of the ceiling; null lifts a limit. */
  override: z.strictObject({ guild: override, member: override }).default({ guild: {}, member: {} }),
});

export type GuildSettings = DeepReadonly<z.infer<typeof record>>;

/** A guild that never set anything. */
export const defaultSettings: GuildSettings = record.parse({ v: 1 });

/** A stored record in today's shape, or where it is broken: paths, `v` for a version not known here. */
export function readSettings(
  stored: unknown,
): { readonly settings: GuildSettings } | { readonly broken: readonly string[] } {
  const { success, data, error } = record.safeParse(stored);
  return success
    ? { settings: data }
    : { broken: error.issues.map(({ path }) => path.join('.') || 'record') };
}

/**
 * `settings` as they may be kept.
 * @throws z.ZodError where a value is outside what a setting can be: check what a person typed beforehand.
 */
export function parseSettings(settings: GuildSettings): GuildSettings {
  return record.parse(settings);
}

/** Settings without what is over: grants that expired; a change of time zone whose time has come is made. */
export function tidy(settings: GuildSettings, now: number): GuildSettings {
  return {
    ...settings,
    ...(settings.zone && { zone: inForce(settings.zone, now) }),
    grants: settings.grants.filter(({ expiresAt }) => expiresAt > now),
  };
}

/** The clock that counts here: the guild's, else the operator's. */
export function zoneOf({ zone }: Pick<GuildSettings, 'zone'>, operatorTimeZone: string): Zone {
  return zone ?? { timeZone: operatorTimeZone };
}
