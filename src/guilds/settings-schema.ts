import { z } from 'zod';
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

/** Most results that a guild can allow: an answer takes ten files. */
export const mostResultsEver = 9;

/** Most stars that a guild can ask for before a result is shown. */
export const mostThreshold = 50;

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
 * A guild's stored settings, version 1. A new field gets a default here, so that old records stay readable; a field
 * that changes its meaning needs a new version.
 */
const record = z.strictObject({
  v: z.literal(1),
  /** Models used if a member picks none; absent: the operator's. */
  imageModel: z.exactOptional(z.string().min(1).max(100)),
  videoModel: z.exactOptional(z.string().min(1).max(100)),
  /** Length of a video in seconds if a member picks none; absent: the operator's. */
  duration: z.exactOptional(z.int().min(1).max(600)),
  /** Only the member who asks sees the answer, unless they choose otherwise. */
  private: z.boolean().default(false),
  /** Channels in which Easel works; empty: everywhere. */
  channels: z.array(id).max(100).default([]),
  /** Members with any of these roles may use Easel; empty: everyone. */
  roles: z.array(id).max(100).default([]),
  /** Models that are switched off here, each with its kind: `video:kling-3.0`. */
  modelsOff: models.default([]),
  /** A tag; `follow`: each member's own language. One that Easel doesn't speak any more is read in the nearest. */
  language: z.string().min(2).max(35).default('follow'),
  /** Absent: the operator's time zone. */
  zone: z.exactOptional(zone),
  membersMayDelete: z.boolean().default(true),
  /** What is written into files about how they were made; absent: the operator's setting. */
  provenance: z.exactOptional(z.enum(['off', 'model', 'full'])),
  /** Most results of one order: pictures, and clips as far as one answer holds them. */
  mostResults: z.int().min(1).max(mostResultsEver).default(4),
  /** Results are posted as spoilers. */
  spoiler: z.boolean().default(false),
  /** Whether images and videos may only be made in age-restricted channels. */
  content: z.strictObject({ image: place, video: place }).default({ image: 'anywhere', video: 'anywhere' }),
  /**
   * Which results go to moderators before anyone else sees them: all, those of these channels, and those of members with
   * these roles; and the channel in which moderators decide, and read reports.
   */
  review: z
    .strictObject({
      all: z.boolean(),
      channels: z.array(id).max(100),
      roles: z.array(id).max(100),
      channel: z.exactOptional(id),
    })
    .default({ all: false, channels: [], roles: [] }),
  /** Results of these channels and of members with these roles are spoilers, also if `spoiler` is off. */
  spoilerFor: z
    .strictObject({ channels: z.array(id).max(100), roles: z.array(id).max(100) })
    .default({ channels: [], roles: [] }),
  /**
   * Members with these roles may order only in age-restricted channels, whatever `content` says; in the channels of
   * `except` neither applies.
   */
  ageLimit: z
    .strictObject({ roles: z.array(id).max(100), except: z.array(id).max(100) })
    .default({ roles: [], except: [] }),
  /** The channel that shows results with so many stars; absent: none. */
  showcase: z.exactOptional(z.strictObject({ channelId: id, threshold: z.int().min(1).max(mostThreshold) })),
  /** The guild's own limits, under the operator's ceiling. */
  limits: z.strictObject({ guild: limits, member: limits }).default({ guild: {}, member: {} }),
  /** By role id: limits for members with the role, instead of `limits.member`. */
  shares: z.record(id, limits).default({}),
  grants: z.array(grant).max(50).default([]),
  /** An operator's override of the ceiling for this guild; null removes a limit. */
  override: z.strictObject({ guild: override, member: override }).default({ guild: {}, member: {} }),
});

export type GuildSettings = DeepReadonly<z.infer<typeof record>>;

/** Who changed which settings when. */
const change = z.strictObject({
  id: z.string(),
  /** Id of the user, or what else changed them. */
  by: z.string(),
  at: instant,
  /** Paths that differ: `limits.guild.image.day`. */
  fields: z.array(z.string()),
});
export type SettingsChange = DeepReadonly<z.infer<typeof change>>;

/** A row: settings, and their latest change, which may not be on record yet. */
const row = record.extend({ change: z.exactOptional(change) });

/** A guild that never set anything. */
export const defaultSettings: GuildSettings = record.parse({ v: 1 });

/** A stored record in the current shape, or the paths at which it is broken; `v` for an unknown version. */
export function readSettings(
  stored: unknown,
):
  | { readonly settings: GuildSettings; readonly change?: SettingsChange }
  | { readonly broken: readonly string[] } {
  const { success, data, error } = row.safeParse(stored);
  if (!success) return { broken: error.issues.map(({ path }) => path.join('.') || 'record') };
  const { change: latest, ...settings } = data;
  return { settings, ...(latest && { change: latest }) };
}

/**
 * Validates `settings` for storage.
 * @throws z.ZodError if a value is out of range: check user input beforehand.
 */
export function parseSettings(settings: GuildSettings): GuildSettings {
  return record.parse(settings);
}

/** Drops expired grants and applies a time zone change that is due. */
export function tidy(settings: GuildSettings, now: number): GuildSettings {
  return {
    ...settings,
    ...(settings.zone && { zone: inForce(settings.zone, now) }),
    grants: settings.grants.filter(({ expiresAt }) => expiresAt > now),
  };
}

/** The guild's time zone, else the operator's. */
export function zoneOf({ zone }: Pick<GuildSettings, 'zone'>, operatorTimeZone: string): Zone {
  return zone ?? { timeZone: operatorTimeZone };
}
