import { afterEach, expect, it } from 'vitest';
import { StoreTakenError } from '../../src/app/app.js';
import { silentLog } from '../../src/log.js';
import { createStore } from '../../src/store/store.js';
import { createCollectingLog } from '../support/log.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** Another process takes over the file, as it may if this one slept; this one has not noticed yet. */
async function takeOver(storeUrl: string): Promise<void> {
  const other = await createStore(storeUrl, { log: silentLog });
  await other.table('lease').set('bot', { number: Date.now() + 1_000_000, free: true });
  await other.close();
}

/** Everything that Easel sent to anyone: answers, messages, reactions to presses. */
function said(): string[] {
  const { requests } = world.discord;
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

it('an Easel whose file another one has taken over leaves all users to that one, silently', async () => {
  const [log, fatal]: [ReturnType<typeof createCollectingLog>, Error[]] = [createCollectingLog(), []];
  let storeUrl = '';
  world = await createWorld({
    log,
    onFatal: (error) => fatal.push(error),
    store(url) {
      storeUrl = url;
      return createStore(url, { log, guarded: true });
    },
  });
  await until('commands are registered', () => said().length > 0);
  const before = said();
  await takeOver(storeUrl);
  const ben = world.discord.actor('ben', 'general');
  await ben.command('imagine', { prompt: 'a red fox' });
  // The order's own write notices it, or one in the background that came first; then the order is ignored unread.
  await until('Easel notices it', () => fatal.length > 0);
  expect(fatal).toEqual([expect.any(StoreTakenError)]);
  // From then on nothing is handled, not even requests without a write.
  await ben.command('quota show');
  await ben.command('imagine', { prompt: 'an owl' });
  await ben.send('@Easel a grey owl');
  await world.stop();
  expect(said()).toEqual(before);
  expect(world.mps.records).toEqual([]);
});
