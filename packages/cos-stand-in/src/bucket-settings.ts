import type { LiveSettings } from '@easel/stand-in-kit';
import { z } from 'zod';

/** The rights of Tencent's access management that an operation needs; listing objects is `GetBucket`. */
export const rights = [
  'cos:PutObject',
  'cos:GetObject',
  'cos:HeadObject',
  'cos:DeleteObject',
  'cos:GetBucket',
  'cos:HeadBucket',
] as const;

export type Right = (typeof rights)[number];

const gibibyte = 1024 ** 3;

export const settingsSchema = z.strictObject({
  /** How long a listing omits what was stored, and still shows what was deleted, ms of the stand-in's task time. */
  listingDelayMs: z.number().nonnegative().default(0),
  /** Rights that the account's key lacks, everywhere or under a prefix of keys. MPS's own role keeps them all. */
  denied: z.array(z.strictObject({ right: z.enum(rights), prefix: z.string().default('') })).default([]),
  /** Whether anyone may read an object without a signature; buckets are private unless someone changes that. */
  publicRead: z.boolean().default(false),
  /** Bytes of the largest object that a single PUT may store: COS's own 5 GB. */
  largestObject: z
    .int()
    .positive()
    .default(5 * gibibyte),
  /** Refuses a signature that leaves out the host or a query parameter. Tencent advises against that, but does not document a refusal. */
  signEverything: z.boolean().default(false),
  /** Listings in any second, above which a bucket answers SlowDown. */
  listingsPerSecond: z.int().positive().default(1000),
});

export type CosSettings = z.output<typeof settingsSchema>;
export type CosSettingsInput = z.input<typeof settingsSchema>;
export type BucketSettings = LiveSettings<CosSettings, CosSettingsInput>;
