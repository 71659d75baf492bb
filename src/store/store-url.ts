import { StoreError } from './store-error.js';

/** What a store can do, whichever database is behind it. */
export interface StoreCapabilities {
  /** Several processes can use it, each for its own shards; otherwise a single process holds all of it. */
  readonly canShare: boolean;
  /** Path of the file it is in; absent if it is in memory or on a server. */
  readonly file?: string;
}

export type StoreAddress =
  | { readonly database: 'redis' }
  /** The path of a file, or `:memory:`. */
  | { readonly database: 'sqlite'; readonly path: string };

export const memory = ':memory:';

/**
 * Parses a URL as in STORE_URL.
 * @throws StoreError `unopenable` if it names no supported database.
 */
export function addressOf(storeUrl: string): StoreAddress {
  if (/^rediss?:\/\//.test(storeUrl)) return { database: 'redis' };
  const path = /^sqlite:(?:\/\/)?(.+)$/.exec(storeUrl)?.[1];
  if (path && (path === memory || storeUrl.startsWith('sqlite://'))) return { database: 'sqlite', path };
  throw new StoreError('unopenable', '–', 'the URL is not of the form sqlite://path or redis://host');
}

/** What the store at an address can do, before it is opened. @throws StoreError as `addressOf` */
export function capabilitiesOf(storeUrl: string): StoreCapabilities {
  const address = addressOf(storeUrl);
  if (address.database === 'redis') return { canShare: true };
  return { canShare: false, ...(address.path !== memory && { file: address.path }) };
}
