import type { Random } from '@easel/stand-in-kit';
import { createFaultInjector, type FaultInjector } from '@easel/stand-in-kit';
import { z } from 'zod';
import { actions } from './api/rate-limits.js';
import { failureReasons } from './tasks/failure-messages.js';

/** `before` the request is processed (nothing was created), or `after` it (the task exists, the answer is lost). */
const when = z.enum(['before', 'after']).default('before');
const filters = {
  /** Only this action; a fault of results has none. */
  action: z.enum(actions).optional(),
  /** How many times it strikes before it is used up. @default no limit */
  count: z.int().positive().optional(),
  /** How often it strikes, of 1; each time without. */
  probability: z.number().min(0).max(1).optional(),
};

/** A way to misbehave. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** The connection is reset. */
  z.strictObject({ kind: z.literal('reset'), when, ...filters }),
  /** A gateway's HTML page. */
  z.strictObject({
    kind: z.literal('gateway'),
    status: z.int().min(500).max(599).default(502),
    when,
    ...filters,
  }),
  /** The request is processed, its answer waits so many ms. */
  z.strictObject({ kind: z.literal('delay'), ms: z.number().nonnegative(), ...filters }),
  /** Any error code. */
  z.strictObject({
    kind: z.literal('error'),
    code: z.string(),
    message: z.string().optional(),
    when,
    ...filters,
  }),
  /** A task created now ends FAIL, for a known reason or with a given message; or with another word for it. */
  z.strictObject({
    kind: z.literal('fail'),
    reason: z.enum(failureReasons).optional(),
    message: z.string().optional(),
    word: z.string().default('FAIL'),
    ...filters,
  }),
  /** A task created now stays in RUN. */
  z.strictObject({ kind: z.literal('stuck'), ...filters }),
  /** A task created now has so many results. */
  z.strictObject({ kind: z.literal('results'), number: z.int().min(1).max(100), ...filters }),
  /** A task created now has the file at this path for its results. */
  z.strictObject({ kind: z.literal('file'), path: z.string().min(1), ...filters }),
  /** A Describe answers this word as Status, and this Message with it. */
  z.strictObject({
    kind: z.literal('status'),
    word: z.string(),
    message: z.string().default(''),
    ...filters,
  }),
  /** A result's link answers this status. */
  z.strictObject({ kind: z.literal('link'), status: z.int().min(400).max(599).default(404), ...filters }),
  /** A result is sent at so many bytes a second. */
  z.strictObject({ kind: z.literal('slow'), bytesPerSecond: z.number().positive(), ...filters }),
  /** A result's link sends its reader elsewhere. */
  z.strictObject({ kind: z.literal('redirect'), location: z.string(), ...filters }),
  /** A result is this text instead, whatever its declared type. */
  z.strictObject({
    kind: z.literal('mistype'),
    text: z.string().default('<html><h1>Sorry</h1></html>'),
    ...filters,
  }),
  /** After this part of a result's bytes, of 1, no more is sent, and the connection stays open. */
  z.strictObject({ kind: z.literal('stall'), part: z.number().min(0).max(0.999).default(0.5), ...filters }),
  /** A result's connection breaks after this part of its bytes, of 1. */
  z.strictObject({
    kind: z.literal('truncate'),
    part: z.number().min(0).max(0.999).default(0.5),
    ...filters,
  }),
]);

export type Fault = z.output<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
interface Scene {
  readonly action?: string | undefined;
  readonly when?: 'before' | 'after';
}

export type Faults = Pick<ArmedFaults, 'add' | 'clear'>;
export type ArmedFaults = FaultInjector<Fault, FaultInput, Scene>;

export function createFaults(random: Random): ArmedFaults {
  return createFaultInjector<Fault, FaultInput, Scene>({
    parse: (input) => faultSchema.parse(input),
    random,
    matches: (fault, { action, when }) =>
      (fault.action === undefined || fault.action === action) && (!('when' in fault) || fault.when === when),
  });
}
