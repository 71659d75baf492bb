import { clockOf } from '../time-format.js';
import { useBehindWords } from './backstage-texts.js';
import { Card } from './card.js';
import { shortly } from './limiter-card.js';
import type { MpsRequest } from './live-state.js';
import { usePolled } from './use-polling.js';

const mostShown = 14;
/** ms after which a request is no longer shown. */
const youngest = 180_000;

interface Records {
  readonly requests: readonly MpsRequest[];
}

/** The last requests to MPS, as the stand-in recorded them. */
export function RequestsCard() {
  const words = useBehindWords();
  const records = usePolled<Records>('/_page/mps/records', 1_000, youngest);
  const requests = records?.requests ?? [];
  const shown = requests.slice(-mostShown).reverse();
  return (
    <Card title={words.log}>
      {shown.length === 0 && <p class="card-empty">{words.noLog}</p>}
      {shown.length > 0 && (
        <table class="requests">
          <tbody>
            {shown.map(({ at, action, code, latency }, index) => (
              <tr key={`${at}${shown.length - index}`}>
                <td>
                  {clockOf(at, 'en-GB')}:{String(new Date(at).getSeconds()).padStart(2, '0')}
                </td>
                <td>{shortly(action)}</td>
                <td>
                  <span class={code === 'OK' ? 'chip tone-text-good' : 'chip tone-text-bad'}>{code}</span>
                </td>
                <td>{Math.round(latency)} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
