import { useEffect, useState } from 'preact/hooks';
import type { BotState } from '../../src/page/wire.js';
import { ask } from '../api.js';
import { useClient, useSeen } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { sizeOf } from '../time-format.js';
import { useBehindWords } from './backstage-texts.js';
import { Card } from './card.js';
import { sumOf } from './live-state.js';

interface Props {
  /** When its health port last answered; undefined while it does not. */
  readonly heardAt: number | undefined;
  readonly metrics: string;
}

/** The bot's process: how it is, its numbers, and the switch that a crash would be. */
export function BotCard({ heardAt, metrics }: Props) {
  const client = useClient();
  const words = useBehindWords();
  const told = useSeen((state) => state.bot);
  const [read, setRead] = useState<BotState>();
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    void client.attempt(ask<BotState>('/_page/bot').then(setRead));
  }, [client]);
  const bot = told ?? read;
  const isUp = bot?.up ?? true;
  // What the process before this one answered says nothing of this one.
  const isThere = heardAt !== undefined && heardAt >= (bot?.since ?? 0);

  async function post(...what: readonly ('kill' | 'start')[]): Promise<void> {
    setBusy(true);
    for (const each of what) await client.attempt(ask(`/_page/bot/${each}`, 'POST'));
    setBusy(false);
  }

  const status = isUp ? (isThere ? words.up : words.starting) : fill(words.down, bot?.ended ?? '');
  const tone = isUp ? (isThere ? 'good' : 'warn') : 'bad';
  const numbers = [
    [words.taken, sumOf(metrics, 'easel_tasks_received_total')],
    [words.requests, sumOf(metrics, 'easel_mps_requests_total')],
    [words.refused, sumOf(metrics, 'easel_quota_refusals_total')],
    [words.memory, sizeOf(sumOf(metrics, 'process_resident_memory_bytes'))],
  ] as const;
  return (
    <Card title={words.bot} aside={fill(words.starts, bot?.starts ?? 1)}>
      <p class={`status status-${tone}`} role="status">
        {status}
      </p>
      {metrics !== '' && (
        <dl class="numbers">
          {numbers.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div class="card-buttons">
        {isUp ? (
          <>
            <button
              type="button"
              class="button button-secondary"
              disabled={isBusy}
              onClick={() => void post('kill')}
            >
              <Icon name="power" /> {words.kill}
            </button>
            <button
              type="button"
              class="button button-secondary"
              disabled={isBusy}
              onClick={() => void post('kill', 'start')}
            >
              <Icon name="again" /> {words.restart}
            </button>
          </>
        ) : (
          <button
            type="button"
            class="button button-primary"
            disabled={isBusy}
            onClick={() => void post('start')}
          >
            <Icon name="power" /> {words.start}
          </button>
        )}
      </div>
    </Card>
  );
}
