import type { Server, Surroundings } from '../../src/page/wire.js';
import { useClient, useSeen, useWords } from '../client-context.js';
import botPicture from '../icon.svg';

/** The servers, at the very side. */
export function Rail({ world }: { readonly world: Surroundings }) {
  const client = useClient();
  const words = useWords();
  const placeId = useSeen((state) => state.placeId);
  const unread = useSeen((state) => state.unread);
  return (
    <nav class="rail" aria-label={words.servers}>
      <button
        type="button"
        class="rail-item rail-direct"
        aria-label={words.direct}
        title={words.direct}
        aria-current={placeId === world.direct.id}
        onClick={() => void client.open(world.direct.id)}
      >
        <img src={botPicture} alt="" />
        <Badge count={unread[world.direct.id]} />
      </button>
      <hr />
      {world.servers.map((server) => (
        <ServerButton key={server.id} server={server} />
      ))}
    </nav>
  );
}

function ServerButton({ server }: { readonly server: Server }) {
  const client = useClient();
  const isOpen = useSeen(({ placeId }) => server.places.some(({ id }) => id === placeId));
  const rings = useSeen(({ unread }) => server.places.reduce((sum, { id }) => sum + (unread[id] ?? 0), 0));
  const isNew = useSeen(({ unread }) => server.places.some(({ id }) => id in unread));
  const initials = server.name
    .split(' ')
    .map((word) => word[0])
    .join('');
  return (
    <button
      type="button"
      class={isNew ? 'rail-item rail-new' : 'rail-item'}
      aria-label={server.name}
      title={server.name}
      aria-current={isOpen}
      onClick={() => void client.open(server.places[0]?.id ?? '')}
    >
      <span class="rail-initials" data-initials={initials} />
      <Badge count={rings} />
    </button>
  );
}

export function Badge({ count = 0 }: { readonly count?: number | undefined }) {
  return count > 0 ? <span class="badge">{count}</span> : null;
}
