import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../../src/ops/metrics/metrics.js';

const deploy = join(import.meta.dirname, '../../../../deploy');
/** Prometheus's own rule checker (Debian: package prometheus); if it is missing, one line says so. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool) process.stderr.write('promtool is not installed: the tests that need it are skipped\n');

/** Numbers in promtool's own notation, one a minute: `0x9 1x20`, `_` if there is none. */
type Series = Readonly<Record<string, string>>;

/** promtool's objections; empty if all is as expected. */
async function judge(test: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-prometheus-test-'));
  try {
    const file = join(folder, 'test.json');
    const rules = { rule_files: [join(deploy, 'alerts.yml')], evaluation_interval: '1m' };
    await writeFile(file, JSON.stringify({ ...rules, tests: [{ interval: '1m', ...test }] }));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const given = (series: Series) => Object.entries(series).map(([name, values]) => ({ series: name, values }));

/** Objections to an alert being firing at that time for exactly these, `{instance="b"}`. */
function firing(alertname: string, at: string, series: Series, labels: readonly string[]): Promise<string> {
  const expr = `sum by (instance, result) (ALERTS{alertname="${alertname}",alertstate="firing"})`;
  const exp_samples = labels.map((one) => ({ labels: one, value: 1 }));
  return judge({ input_series: given(series), promql_expr_test: [{ expr, eval_time: at, exp_samples }] });
}

const connected = (instance: string) => `easel_shard_connected{instance="${instance}",shard="0"}`;
const up = (instance: string) => `up{instance="${instance}",job="easel"}`;

describe.skipIf(!hasPromtool)('the alerts', () => {
  it('are valid Prometheus rules', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', join(deploy, 'alerts.yml')], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain('5 rules found');
    expect(status).toBe(0);
  });

  it('are silent while all is well', async () => {
    const series = {
      [connected('a')]: '1x30',
      [connected('b')]: '1x30',
      [up('a')]: '1x30',
      [up('b')]: '1x30',
    };
    expect(await firing('EaselDisconnected', '20m', series, [])).toBe('');
  });

  it('report a shard that is down', async () => {
    const series = {
      [connected('a')]: '1x30',
      [connected('b')]: '0x30',
      [up('a')]: '1x30',
      [up('b')]: '1x30',
    };
    expect(await firing('EaselDisconnected', '20m', series, ['{instance="b"}'])).toBe('');
  });

  it('report one process of several that is gone', async () => {
    const series = {
      [connected('a')]: '1x30',
      [up('a')]: '1x30',
      [connected('b')]: '1x9 stale',
      [up('b')]: '1x9 0x20',
    };
    expect(await firing('EaselDisconnected', '20m', series, ['{instance="b"}'])).toBe('');
  });

  it('report that all of them are gone', async () => {
    const series = { [connected('a')]: '1x9 stale', [up('a')]: '1x9 stale' };
    expect(await firing('EaselDisconnected', '20m', series, ['{}'])).toBe('');
  });

  it('report the very first refusal', async () => {
    const refused =
      'easel_mps_requests_total{action="CreateAigcImageTask",result="credentials",instance="a"}';
    const told = ['{instance="a",result="credentials"}'];
    expect(await firing('EaselRefusedByMps', '12m', { [refused]: '0x9 1x20' }, told)).toBe('');
  });
});

describe.skipIf(!hasPromtool)('the dashboard, over several processes', () => {
  async function shows(
    title: string,
    series: Series,
    samples: readonly object[],
    index = 0,
  ): Promise<string> {
    const { panels }: { panels: { title: string; targets?: { expr: string }[] }[] } = JSON.parse(
      await readFile(join(deploy, 'grafana.json'), 'utf8'),
    );
    const targets = panels.find((panel) => panel.title === title)?.targets ?? [];
    const expr = targets[index]?.expr.replaceAll('$instance', '.*');
    return judge({
      input_series: given(series),
      promql_expr_test: [{ expr, eval_time: '1m', exp_samples: samples }],
    });
  }

  it('draws the slots once, although each process reports all of them', async () => {
    const series = {
      'easel_slots{kind="image",instance="a"}': '4x5',
      'easel_slots{kind="image",instance="b"}': '4x5',
    };
    expect(await shows('Queue', series, [{ labels: '{kind="image"}', value: 4 }], 2)).toBe('');
  });

  it("draws the processes' combined use of what MPS grants them together", async () => {
    const action = 'action="CreateAigcImageTask"';
    const series = {
      [`easel_mps_limiter_used{${action},instance="a"}`]: '5x5',
      [`easel_mps_limiter_used{${action},instance="b"}`]: '10x5',
      [`easel_mps_limiter_rate{${action},instance="a"}`]: '20x5',
      [`easel_mps_limiter_rate{${action},instance="b"}`]: '20x5',
    };
    expect(await shows('Limiter use', series, [{ labels: `{${action}}`, value: 0.75 }])).toBe('');
  });
});

describe('metrics used by alerts', () => {
  it('exist before anything has happened', async () => {
    const { text } = await createMetrics().read();
    for (const result of ['ok', 'aborted', 'credentials', 'arrears', 'clock', 'throttled'])
      for (const action of ['CreateAigcImageTask', 'DescribeAigcVideoTask'])
        expect(text).toContain(`easel_mps_requests_total{action="${action}",result="${result}"} 0\n`);
    for (const ending of [
      'outcome="delivered",reason=""',
      'outcome="failed",reason="unreachable"',
      'outcome="failed",reason="quota.guild.image.day"',
    ])
      expect(text).toContain(`easel_tasks_ended_total{kind="video",${ending}} 0\n`);
  });
});
