import { fill } from '../texts.js';
import { useBehindWords } from './backstage-texts.js';
import { Card } from './card.js';
import type { LiveState } from './live-state.js';

const kinds = ['image', 'video'] as const;
/** More waiting ones are a number. */
const mostShown = 24;

/** Slots at MPS, and the queue for them. */
export function SlotsCard({ state }: { readonly state: LiveState | undefined }) {
  const words = useBehindWords();
  return (
    <Card title={words.slots}>
      {kinds.map((kind) => {
        const { busy = 0, max = 0 } = state?.slots[kind] ?? {};
        const waiting = state?.queue[kind]?.length ?? 0;
        return (
          <div class="slots" key={kind}>
            <span class="slots-kind">{words[kind]}</span>
            <span
              class="slots-row"
              role="img"
              aria-label={`${fill(words.busy, busy, max)}, ${fill(words.waiting, waiting)}`}
            >
              {Array.from({ length: Math.min(max, mostShown) }, (_, index) => (
                <i key={index} class={index < busy ? 'slot slot-busy' : 'slot'} />
              ))}
              {waiting > 0 && <b class="slots-arrow">←</b>}
              {Array.from({ length: Math.min(waiting, mostShown) }, (_, index) => (
                <i key={`w${index}`} class="slot slot-waiting" />
              ))}
            </span>
            <span class="slots-text">{waiting > 0 ? fill(words.waiting, waiting) : `${busy}/${max}`}</span>
          </div>
        );
      })}
    </Card>
  );
}
