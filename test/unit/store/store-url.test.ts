import { expect, it } from 'vitest';
import { silentLog } from '../../../src/log.js';
import { createStore } from '../../../src/store/store.js';
import { addressOf, capabilitiesOf } from '../../../src/store/store-url.js';

it.each([
  ['sqlite://data/easel.sqlite', { canShare: false, file: 'data/easel.sqlite' }],
  ['sqlite:///var/lib/easel.sqlite', { canShare: false, file: '/var/lib/easel.sqlite' }],
  ['sqlite::memory:', { canShare: false }],
  ['sqlite://:memory:', { canShare: false }],
  ['redis://host:6379/0', { canShare: true }],
  ['rediss://easel:word@host', { canShare: true }],
])('a store at %s can do what its address says', (url, capabilities) => {
  expect(capabilitiesOf(url)).toEqual(capabilities);
});

it.each(['postgres://host/easel', 'data/easel.sqlite', 'sqlite:data', 'redis:host', ''])(
  '%j is not a database URL',
  (url) => {
    expect(() => addressOf(url)).toThrow(expect.objectContaining({ reason: 'unopenable' }));
  },
);

it('an open store reports its capabilities', async () => {
  const store = await createStore('sqlite::memory:', { log: silentLog });
  expect(store.canShare).toBe(false);
  expect(store.file).toBeUndefined();
  await store.close();
});
