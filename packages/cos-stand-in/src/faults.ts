import type { Random } from '@easel/stand-in-kit';
import { createFaultInjector, type FaultInjector } from '@easel/stand-in-kit';
import { z } from 'zod';
import { rights } from './bucket-settings.js';

/** `before` anything is done, or `after` it: stored or removed, and the answer is lost. */
const when = z.enum(['before', 'after']).default('before');
const filters = {
  /** Only requests that need this right. */
  right: z.enum(rights).optional(),
  /** Only keys that begin so; of a listing its prefix. */
  prefix: z.string().default(''),
  /** How many times it strikes before it is used up. @default no limit */
  count: z.int().positive().optional(),
  /** How often it strikes, of 1; each time without. */
  probability: z.number().min(0).max(1).optional(),
};

/** A fault for requests of the account's key; MPS's own writes by its role are never affected. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The connection is reset. */
  z.strictObject({ kind: z.literal('reset'), when, ...filters }),
  /** An error in COS's XML. */
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(400).max(599).default(500),
    code: z.string().default('InternalError'),
    message: z.string().default('We encountered an internal error. Please try again.'),
    when,
    ...filters,
  }),
  /** The answer waits so many ms. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().nonnegative(), ...filters }),
  /** An object is sent at so many bytes a second. */
  z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.number().positive(), ...filters }),
  /** After this part of an object's bytes, of 1, no more is sent, and the connection stays open. */
  z.strictObject({ kind: z.literal('stall'), part: z.number().min(0).max(0.999).default(0.5), ...filters }),
  /** The connection breaks after this part of an object's bytes, of 1. */
  z.strictObject({
    kind: z.literal('truncate'),
    part: z.number().min(0).max(0.999).default(0.5),
    ...filters,
  }),
]);

export type CosFault = z.output<typeof faultSchema>;
export type CosFaultInput = z.input<typeof faultSchema>;

interface Scene {
  readonly right: string;
  /** The key, or a listing's prefix. */
  readonly key: string;
  readonly when?: 'before' | 'after';
}

export type ArmedCosFaults = FaultInjector<CosFault, CosFaultInput, Scene>;
export type CosFaults = Pick<ArmedCosFaults, 'add' | 'clear'>;

export function createCosFaults(random: Random): ArmedCosFaults {
  return createFaultInjector<CosFault, CosFaultInput, Scene>({
    parse: (input) => faultSchema.parse(input),
    random,
    matches: (fault, { right, key, when: moment }) =>
      (fault.right === undefined || fault.right === right) &&
      key.startsWith(fault.prefix) &&
      (!('when' in fault) || fault.when === moment),
  });
}
