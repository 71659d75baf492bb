import type { ComponentChildren } from 'preact';
import { useClient, useSeen, useWords } from '../../client-context.js';
import { messageAddress } from '../../message-links.js';
import { Icon } from '../../shell/icons.js';

interface Props {
  readonly target: string;
  /** Whether the link has no text of its own; Discord then shows a message link by its channel's name. */
  readonly isBare?: boolean;
  /** In place of a link's usual look. */
  readonly look?: string;
  readonly children: ComponentChildren;
}

/** A link: to a message of this Discord in the page, to the web in a tab of its own. Nothing else is one. */
export function Address({ target, isBare = false, look, children }: Props) {
  const client = useClient();
  const words = useWords();
  const address = messageAddress(target);
  const channel = useSeen(({ world }) => {
    const places = world ? [...world.servers.flatMap((server) => server.places), world.direct] : [];
    return places.find(({ id }) => id === address?.channelId);
  });
  if (!/^https?:\/\//.test(target)) return <>{children}</>;
  if (!address)
    return (
      <a class={look} href={target} target="_blank" rel="noreferrer noopener">
        {children}
      </a>
    );
  const jump = (event: MouseEvent): void => {
    event.preventDefault();
    void client.jump(address);
  };
  if (!isBare)
    return (
      <a class={look} href={target} onClick={jump}>
        {children}
      </a>
    );
  const name =
    channel?.guildId === undefined && channel ? '@Easel' : `#${channel?.name ?? words.unknownChannel}`;
  return (
    <a class="mention mention-link" href={target} onClick={jump}>
      {name}
      {address.messageId !== undefined && (
        <>
          {' › '}
          <Icon name="message" />
          <span class="unseen">{words.message}</span>
        </>
      )}
    </a>
  );
}
