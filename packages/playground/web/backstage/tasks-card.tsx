import { useUser } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { clockOf } from '../time-format.js';
import { useBehindWords } from './backstage-texts.js';
import { Card } from './card.js';
import type { LiveState, LiveTask } from './live-state.js';

const mostShown = 8;
const tones: Readonly<Record<string, string>> = { delivered: 'good', failed: 'bad', cancelled: 'muted' };
const ended = new Set(['delivered', 'failed', 'cancelled']);

/** Each task's way through its states, and how long it was in each. */
export function TasksCard({ state }: { readonly state: LiveState | undefined }) {
  const words = useBehindWords();
  const tasks = [...(state?.tasks ?? [])].sort((a, b) => began(b) - began(a)).slice(0, mostShown);
  return (
    <Card title={words.tasks} aside={state?.tasks.length || undefined}>
      {tasks.length === 0 && <p class="card-empty">{words.noTasks}</p>}
      <ul class="tasks">
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} now={state?.now ?? 0} />
        ))}
      </ul>
    </Card>
  );
}

const began = ({ history }: LiveTask): number => history[0]?.at ?? 0;

function TaskRow({ task, now }: { readonly task: LiveTask; readonly now: number }) {
  const user = useUser(task.userId);
  const { history, state, kind, model, reason } = task;
  const last = history.at(-1)?.at ?? now;
  const end = ended.has(state) ? last : now;
  const parts = history.slice(0, ended.has(state) ? -1 : undefined).map(({ state: name, at }, index) => ({
    name,
    at,
    ms: Math.max(0, (history[index + 1]?.at ?? end) - at),
  }));
  return (
    <li class="task">
      <p class="task-head">
        <Icon name={kind === 'image' ? 'image' : 'clip'} />
        <span class="task-model">{model}</span>
        <span class="task-who">{user?.name}</span>
        <span class={`chip tone-text-${tones[state] ?? 'brand'}`}>{state}</span>
      </p>
      <div class="task-bar" aria-hidden="true">
        {parts.map(({ name, ms }) => (
          <i
            key={name}
            class={`task-part state-${name}`}
            style={{ flexGrow: Math.max(ms, 1) }}
            title={`${name} ${seconds(ms)}`}
          />
        ))}
      </div>
      <p class="task-times">
        {parts.map(({ name, ms }) => (
          <span key={name}>
            <i class={`dot state-${name}`} aria-hidden="true" />
            {name} {seconds(ms)}
          </span>
        ))}
        {reason && <span class="tone-text-bad">{reason}</span>}
        <time dateTime={new Date(began(task)).toISOString()}>{clockOf(began(task), 'en-GB')}</time>
      </p>
    </li>
  );
}

function seconds(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
