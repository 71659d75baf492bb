import { useClient, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { BotCard } from './bot-card.js';
import { FaultsCard } from './faults-card.js';
import { LimiterCard } from './limiter-card.js';
import type { LiveState } from './live-state.js';
import { PortalCard } from './portal-card.js';
import { QuotaCard } from './quota-card.js';
import { RequestsCard } from './requests-card.js';
import { SlotsCard } from './slots-card.js';
import { TasksCard } from './tasks-card.js';
import { usePolled } from './use-polling.js';

/** The backstage panel: the bot's own state, and that of the two stand-ins. */
export function Backstage() {
  const { store } = useClient();
  const words = useWords();
  const state = usePolled<LiveState>('/_page/bot/state', 500);
  const metrics = usePolled<{ readonly text: string }>('/_page/bot/metrics', 2_000);
  const close = (): void => {
    localStorage.setItem('panel', 'closed');
    store.set({ isPanelOpen: false });
  };
  return (
    <aside class="backstage" aria-label={words.behind}>
      <header class="backstage-head">
        <h2>{words.behind}</h2>
        <button type="button" class="tool" aria-label={words.close} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <div class="backstage-body" tabIndex={0}>
        <BotCard heardAt={state?.now} metrics={metrics?.text ?? ''} />
        <PortalCard />
        <FaultsCard />
        <SlotsCard state={state} />
        <TasksCard state={state} />
        <QuotaCard state={state} />
        <LimiterCard state={state} />
        <RequestsCard />
      </div>
    </aside>
  );
}
