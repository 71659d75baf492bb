import type { Place } from '../../src/page/wire.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';

/** The gate of an age-restricted channel, as in Discord; a user who has agreed is not asked again. */
export function AgeGate({ place }: { readonly place: Place }) {
  const client = useClient();
  const words = useWords();
  const server = useSeen(({ world }) => world?.servers.find(({ id }) => id === place.guildId));
  const enter = (): void => {
    localStorage.setItem('of-age', 'yes');
    client.store.set({ isOfAge: true });
  };
  const other = server?.places.find(({ nsfw }) => !nsfw);
  return (
    <section class="age-gate" aria-labelledby="age-gate">
      <span class="beginning-sign">
        <Icon name="warning" />
      </span>
      <h2 id="age-gate">{words.gateTitle}</h2>
      <p>{words.gateText}</p>
      <div class="age-gate-answers">
        {other && (
          <button type="button" class="button button-secondary" onClick={() => void client.open(other.id)}>
            {words.gateLeave}
          </button>
        )}
        <button type="button" class="button button-danger" onClick={enter}>
          {words.gateEnter}
        </button>
      </div>
    </section>
  );
}
