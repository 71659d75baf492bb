import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveState } from '../../src/ops/health/live-state.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({ env: { HEALTH_PORT: '0', PLAYGROUND: '1', QUOTA_GUILD_IMAGES_DAY: '50' } });
});
afterAll(() => world.close());

const ask = (path: string, init?: RequestInit) => fetch(`${world.app().healthUrl()}${path}`, init);
const json = async (path: string): Promise<unknown> => (await ask(path)).json();

describe('health', () => {
  it('says that the process is alive and that Easel is ready', async () => {
    expect((await ask('/livez')).status).toBe(200);
    expect(await json('/readyz')).toEqual({
      ready: true,
      checks: { gateway: { ok: true }, store: { ok: true }, mps: { ok: true } },
    });
  });

  it('counts unfinished tasks for Prometheus', async () => {
    const response = await ask('/metrics');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('easel_queue_length{kind="image"} 0');
  });

  it('shows the playground the tasks with their times, slots, limiters and limits', async () => {
    await delivered(
      await world.discord.actor('lin', 'general').command('imagine', { prompt: 'a secret fox' }),
    );
    const look = async () => (await json('/state')) as LiveState;
    await until('it is delivered', async () => (await look()).tasks[0]?.state === 'delivered');
    const state = await look();
    expect(state).toMatchObject({
      slots: { image: { max: 2, busy: 0 }, video: { max: 1, busy: 0 } },
      queue: { image: [], video: [] },
      limiter: { CreateAigcImageTask: { rate: 20, waiting: 0, running: 0 } },
      tasks: [{ kind: 'image', model: 'hunyuan-3.0', state: 'delivered' }],
    });
    expect(state.tasks[0]?.history.map((past) => past.state)).toEqual([
      ...['received', 'queued', 'submitting', 'running', 'fetching', 'delivering', 'delivered'],
    ]);
    expect(state.quota[0]?.bars).toContainEqual(
      expect.objectContaining({
        limit: { scope: 'guild', measure: 'image.day', unit: 'image', period: 'day' },
        max: 50,
        used: 1,
      }),
    );
    expect(JSON.stringify(state)).not.toContain('secret fox');
  });

  it('knows its routes and accepts only GET and HEAD', async () => {
    expect((await ask('/nothing')).status).toBe(404);
    expect((await ask('/livez', { method: 'POST' })).status).toBe(405);
  });
});
