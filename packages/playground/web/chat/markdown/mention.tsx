import { useClient, useSeen, useWords } from '../../client-context.js';

interface Props {
  readonly kind: 'user' | 'role' | 'channel';
  readonly id: string;
  /** If nothing can be pressed. */
  readonly isPlain?: boolean;
}

/** Someone or a channel by name; a channel opens, as in Discord. */
export function Mention({ kind, id, isPlain = false }: Props) {
  const client = useClient();
  const words = useWords();
  const name = useSeen(({ world }) => {
    if (kind === 'user') return world?.users.find((user) => user.id === id)?.name;
    const servers = world?.servers ?? [];
    if (kind === 'role') return servers.flatMap(({ roles }) => roles).find((role) => role.id === id)?.name;
    return servers.flatMap(({ places }) => places).find((place) => place.id === id)?.name;
  });
  const isMe = useSeen(({ world }) => world?.me.id === id);
  if (kind === 'channel' && name !== undefined && !isPlain)
    return (
      <button type="button" class="mention mention-link" onClick={() => void client.open(id)}>
        {`#${name}`}
      </button>
    );
  const unknown = { user: words.unknownUser, role: words.unknownRole, channel: words.unknownChannel }[kind];
  const shown = name ?? unknown;
  const sign = kind === 'channel' ? '#' : '@';
  return <span class={isMe ? 'mention mention-me' : 'mention'}>{`${sign}${shown}`}</span>;
}
