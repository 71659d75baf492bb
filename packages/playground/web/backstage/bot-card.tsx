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
  // Answers of an earlier process say nothing about this one.
  const isThere = heardAt !== undefined && heardAt >= (bot?.since ?? 0);

  async function post(...what: readonly ('kill' | 'start')[]): Promise<void> {
    setBusy(true);
    for (const each of what) await client.attempt(ask(`/_page/bot/${each}`, 'POST'));
    setBusy(false);
  }

  const status = isUp ? (isThere ? words.up : words.starting) : fill(words.down, bot?.ended ?? '');
  const tone = isUp ? (isThere ? 'good' : 'warn') : 'bad';
  return (
    <Card title={words.bot} aside={fill(words.starts, bot?.starts ?? 1)}>
      <p class={`status status-${tone}`} role="status">
        {status}
      </p>
      {metrics !== '' && <Numbers metrics={metrics} />}
      <div class="card-buttons">
        {isUp ? (
          <>
            <Switch icon="power" label={words.kill} isBusy={isBusy} onClick={() => post('kill')} />
            <Switch
              icon="again"
              label={words.restart}
              isBusy={isBusy}
              onClick={() => post('kill', 'start')}
            />
          </>
        ) : (
          <Switch isPrimary icon="power" label={words.start} isBusy={isBusy} onClick={() => post('start')} />
        )}
      </div>
    </Card>
  );
}

function Numbers({ metrics }: Pick<Props, 'metrics'>) {
  const words = useBehindWords();
  const numbers = [
    [words.taken, sumOf(metrics, 'easel_tasks_received_total')],
    [words.requests, sumOf(metrics, 'easel_mps_requests_total')],
    [words.refused, sumOf(metrics, 'easel_quota_refusals_total')],
    [words.memory, sizeOf(sumOf(metrics, 'process_resident_memory_bytes'))],
  ] as const;
  return (
    <dl class="numbers">
      {numbers.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface SwitchProps {
  readonly icon: 'power' | 'again';
  readonly label: string;
  readonly isPrimary?: boolean;
  readonly isBusy: boolean;
  readonly onClick: () => Promise<void>;
}

function Switch({ icon, label, isPrimary = false, isBusy, onClick }: SwitchProps) {
  return (
    <button
      type="button"
      class={`button button-${isPrimary ? 'primary' : 'secondary'}`}
      disabled={isBusy}
      onClick={() => void onClick()}
    >
      <Icon name={icon} /> {label}
    </button>
  );
}
