/** Whether an address as in STORE_URL leads to a Redis. */
export function isRedis(storeUrl: string): boolean {
  return /^rediss?:\/\//.test(storeUrl);
}
