import type { Invocation } from '@easel/discord-stand-in';
import type { Way } from './ways.js';

/** An order to be placed. */
export interface PlannedOrder {
  readonly person: string;
  readonly channel: string;
  readonly way: Way;
  readonly prompt: string;
  readonly secret?: true;
  /** A picture, and a clip of it. */
  readonly both?: true;
  /** The subject, instead of a red fox. */
  readonly of?: string;
  /** Makes the answer's token expire, and perhaps more. */
  readonly mishap?: (invocation: Invocation) => void;
  /** When that happens. @default some time after they were answered */
  readonly when?: (invocation: Invocation) => Promise<unknown>;
}
