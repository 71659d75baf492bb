import type { Place, Surroundings } from '../../src/page/wire.js';
import { useClient, useSeen, useUser, useWords } from '../client-context.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';
import { Badge } from './server-list.js';
import { UserSwitch } from './user-switch.js';

/** The channels of the open server, and the current user. */
export function Channels({ world }: { readonly world: Surroundings }) {
  const words = useWords();
  const placeId = useSeen((state) => state.placeId);
  const server = world.servers.find(({ places }) => places.some(({ id }) => id === placeId));
  return (
    <div class="channels">
      <h1 class="channels-title">{server?.name ?? words.direct}</h1>
      <nav class="channels-list" aria-label={words.channels}>
        {server && <p class="channels-group">{words.textChannels}</p>}
        <ul>
          {(server?.places ?? [world.direct]).map((place) => (
            <li key={place.id}>
              <ChannelButton place={place} />
            </li>
          ))}
        </ul>
      </nav>
      <UserSwitch world={world} />
    </div>
  );
}

function ChannelButton({ place }: { readonly place: Place }) {
  const client = useClient();
  const words = useWords();
  const isOpen = useSeen(({ placeId }) => placeId === place.id);
  const count = useSeen(({ unread }) => unread[place.id]);
  const bot = useUser(useSeen(({ world }) => world?.botId));
  const isDirect = place.guildId === undefined;
  const hints = [place.nsfw && words.aged, !place.botMayAttach && words.noFiles].filter(Boolean);
  return (
    <button
      type="button"
      class={count === undefined ? 'channel' : 'channel channel-new'}
      aria-current={isOpen ? 'page' : undefined}
      title={hints.join(' · ')}
      onClick={() => void client.open(place.id)}
    >
      {isDirect ? <Avatar user={bot} size="small" /> : <Icon name={place.nsfw ? 'lock' : 'hash'} />}
      <span class="channel-name">{isDirect ? bot?.name : place.name}</span>
      {place.nsfw && <span class="channel-mark">18+</span>}
      <Badge count={count} />
    </button>
  );
}
