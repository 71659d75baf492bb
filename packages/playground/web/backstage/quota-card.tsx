import { useSeen } from '../client-context.js';
import { useBehindWords, wordFor } from './backstage-texts.js';
import { Card, Meter } from './card.js';
import type { Bar, LiveState, QuotaBars } from './live-state.js';

/** The usage of each limit: by the current user, and by others who have ordered. */
export function QuotaCard({ state }: { readonly state: LiveState | undefined }) {
  const words = useBehindWords();
  const me = useSeen(({ world }) => world?.me.id);
  const quota = [...(state?.quota ?? [])].sort((a, b) => Number(b.userId === me) - Number(a.userId === me));
  const shown = quota
    .map((one) => ({ one, bars: one.bars.filter(isWorthShowing) }))
    .filter(({ bars }) => bars.length > 0);
  return (
    <Card title={words.quota}>
      {shown.length === 0 && <p class="card-empty">{words.noQuota}</p>}
      {shown.slice(0, 4).map(({ one, bars }) => (
        <UserBars key={`${one.guildId}${one.userId}`} quota={one} bars={bars} />
      ))}
    </Card>
  );
}

/** Limited, or at least used: of the day's and the month's without a limit the day's is enough. */
function isWorthShowing({ limit: { scope, measure }, max, used }: Bar): boolean {
  return max !== undefined || (used > 0 && scope === 'member' && measure.endsWith('day'));
}

/** Money is counted in millionths. */
function amountOf(amount: number, { limit }: Bar): number {
  return limit.unit === 'cost' ? amount / 1_000_000 : amount;
}

function UserBars({ quota, bars }: { readonly quota: QuotaBars; readonly bars: readonly Bar[] }) {
  const words = useBehindWords();
  const name = useSeen(({ world }) => world?.users.find(({ id }) => id === quota.userId)?.name);
  const place = useSeen(({ world }) => world?.servers.find(({ id }) => id === quota.guildId)?.name);
  return (
    <div class="quota">
      <p class="quota-who">
        <strong>{name}</strong> {place && `· ${place}`}
      </p>
      {bars.map((bar) => {
        const { limit, max, used, reserved } = bar;
        const part = max === undefined ? 0 : max === 0 ? 1 : used / max;
        const open = reserved > 0 ? ` (${amountOf(reserved, bar)})` : '';
        const end = max === undefined ? `· ${words.noLimit}` : `/ ${amountOf(max, bar)}`;
        return (
          <Meter
            key={`${limit.scope}${limit.measure}`}
            label={`${wordFor(words, limit.measure)} · ${wordFor(words, limit.scope)}`}
            part={part}
            text={`${amountOf(used, bar)}${open} ${end}`}
            tone={part >= 1 ? 'bad' : part >= 0.75 ? 'warn' : 'good'}
          />
        );
      })}
    </div>
  );
}
