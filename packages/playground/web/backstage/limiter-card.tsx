import { useBehindWords } from './backstage-texts.js';
import { Card, Meter } from './card.js';
import type { LiveState } from './live-state.js';

/** How much of each action's rate is used in this very second. */
export function LimiterCard({ state }: { readonly state: LiveState | undefined }) {
  const words = useBehindWords();
  return (
    <Card title={words.limiter}>
      {Object.entries(state?.limiter ?? {}).map(([action, { used, rate, waiting }]) => (
        <Meter
          key={action}
          label={shortly(action)}
          part={used / rate}
          text={waiting > 0 ? `${used}/${rate} +${waiting}` : `${used}/${rate}`}
          tone={used >= rate ? 'warn' : 'brand'}
        />
      ))}
    </Card>
  );
}

/** CreateAigcImageTask → Create image */
export function shortly(action: string): string {
  const [, verb, kind] = /^(Create|Describe)Aigc(Image|Video)Task$/.exec(action) ?? [];
  return verb && kind ? `${verb} ${kind.toLowerCase()}` : action;
}
