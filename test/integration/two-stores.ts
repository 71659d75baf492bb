import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { silentLog } from '../../src/log.js';
import { createStore, type Store } from '../../src/store/store.js';
import { type RedisServer, startRedis } from '../support/redis.js';

/** A Redis for a block of tests, empty before each. */
export function useRedis(): { readonly url: () => string } {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.command('FLUSHALL');
  });
  return { url: () => redis.url() };
}

/** The stores of two processes on one Redis, for each test of a block; inside of `useRedis`. */
export function useTwoStores(url: () => string): () => readonly [Store, Store] {
  let stores: readonly Store[] = [];
  beforeEach(async () => {
    stores = await Promise.all([1, 2].map(() => createStore(url(), { log: silentLog })));
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
  });
  return () => {
    const [here, there] = stores;
    if (!here || !there) throw new Error('two processes');
    return [here, there];
  };
}
