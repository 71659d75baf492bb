import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/until.js';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
let metrics: string;

const read = async () => (await fetch(`${world.app().healthUrl()}/metrics`)).text();
const file = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
/** The value of a line, `easel_queue_length{kind="image"}`; labels in the order they are declared. */
const value = (line: string, text = metrics) =>
  Number(
    text
      .split('\n')
      .find((one) => one.startsWith(`${line} `))
      ?.slice(line.length + 1),
  );

beforeAll(async () => {
  world = await createWorld({
    env: { HEALTH_PORT: '0', QUOTA_MEMBER_IMAGES_DAY: '2' },
  });
  const lin = world.discord.actor('lin', 'general');
  const ben = world.discord.actor('ben', 'general');
  await delivered(await lin.command('imagine', { prompt: 'a red fox' }));
  await delivered(await lin.command('imagine', { prompt: 'a blue fox' }));
  await answered(await lin.command('imagine', { prompt: 'one fox too many' }));
  await delivered(await ben.command('animate', { prompt: 'a fox runs' }));
  world.mps.faults.add({
    kind: 'error',
    action: 'CreateAigcImageTask',
    code: 'RequestLimitExceeded',
    count: 1,
  });
  world.mps.faults.add({ kind: 'error', action: 'CreateAigcImageTask', code: 'InternalError', count: 1 });
  await failed(await ben.command('imagine', { prompt: 'a lost fox' }));
  // A message in Discord is persisted a moment later.
  await until('no task is open any more', async () => {
    metrics = await read();
    return !/^easel_tasks\{/m.test(metrics);
  });
});
afterAll(() => world.close());

describe('the metrics', () => {
  it('count tasks by outcome', () => {
    expect(value('easel_tasks_received_total{kind="image"}')).toBe(3);
    expect(value('easel_tasks_ended_total{kind="image",outcome="delivered",reason=""}')).toBe(2);
    expect(value('easel_tasks_ended_total{kind="image",outcome="failed",reason="uncertain"}')).toBe(1);
    expect(value('easel_queue_wait_seconds_count{kind="image"}')).toBe(3);
    expect(value('easel_delivery_delay_seconds_count{kind="video"}')).toBe(1);
    expect(value('easel_queue_length{kind="image"}')).toBe(0);
  });

  it('count requests to MPS by outcome, and what they cost', () => {
    expect(value('easel_mps_requests_total{action="CreateAigcImageTask",result="ok"}')).toBe(2);
    expect(value('easel_mps_requests_total{action="CreateAigcImageTask",result="throttled"}')).toBe(1);
    expect(value('easel_mps_limiter_rate{action="DescribeAigcVideoTask"}')).toBe(50);
    expect(value('easel_billed_total{unit="image",model="hunyuan-3.0"}')).toBe(2);
    expect(value('easel_billed_total{unit="second",model="kling-3.0"}')).toBe(5);
    expect(value('easel_perhaps_billed_total{unit="image",model="hunyuan-3.0"}')).toBe(1);
    expect(value('easel_quota_refusals_total{scope="member",measure="image.day"}')).toBe(1);
  });

  it('cover bytes, the gateway, the store and the process', () => {
    expect(value('easel_transfer_bytes_total{way="result"}')).toBeGreaterThan(1000);
    expect(value('easel_transfer_bytes_total{way="upload"}')).toBe(
      value('easel_transfer_bytes_total{way="result"}'),
    );
    expect(value('easel_shard_connected{shard="0"}')).toBe(1);
    expect(value('easel_store_works')).toBe(1);
    expect(value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  });

  it("count Discord's 429s", async () => {
    world.discord.faults.add({ kind: '429', retryAfter: 0.01, times: 1 });
    await answered(await world.discord.actor('mia', 'general').command('quota show'));
    const text = await read();
    const counted = text.split('\n').filter((line) => line.startsWith('easel_discord_rate_limited_total{'));
    expect(counted.length).toBeGreaterThan(0);
  });
});

describe('the dashboard, the alerts and the table in docs/operations.md', () => {
  /** Names that are exposed, as Prometheus keeps them. */
  const exposed = () => {
    const families = [...metrics.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
    return new Set(
      families.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
  };
  const named = (expression: string) => expression.match(/\b(easel|nodejs|process)_\w+/g) ?? [];

  it('query only metrics that exist', async () => {
    const dashboard: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(
      await file('deploy/grafana.json'),
    );
    const panels = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const alerts = (await file('deploy/alerts.yml')).replace(/^ +(summary|description): .*$/gm, '');
    const names = [...panels, alerts].flatMap(named);
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !exposed().has(name))).toEqual([]);
    expect(alerts.match(/- alert: /g)).toHaveLength(5);
  });

  it('explain every metric of ours', async () => {
    const own = [...metrics.matchAll(/^# TYPE (easel_\w+) /gm)].map(([, name]) => name);
    expect(own.length).toBeGreaterThan(20);
    for (const name of ['docs/operations.md', 'docs/zh-CN/operations.md']) {
      const page = await file(name);
      expect(
        own.filter((metric) => !page.includes(`\`${metric}\``)),
        name,
      ).toEqual([]);
    }
  });
});
