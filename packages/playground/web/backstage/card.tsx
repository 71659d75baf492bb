import type { ComponentChildren } from 'preact';

/** A part of the panel under its title. */
export function Card({
  title,
  aside,
  children,
}: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  return (
    <section class="card" aria-label={title}>
      <h3 class="card-title">
        {title}
        {aside !== undefined && <span class="card-aside">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}

interface MeterProps {
  readonly label: string;
  /** 0 to 1. */
  readonly part: number;
  readonly text: string;
  readonly tone?: 'brand' | 'good' | 'warn' | 'bad';
}

/** A progress bar, with its value in words. */
export function Meter({ label, part, text, tone = 'brand' }: MeterProps) {
  const percent = Math.round(Math.min(1, Math.max(0, part)) * 100);
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <span class="meter-text">{text}</span>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter element each in their own way */}
      <div
        class="meter-track"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <span class={`meter-fill tone-${tone}`} style={{ width: `${percent}%` }} />
      </div>
    </div>
  );
}
