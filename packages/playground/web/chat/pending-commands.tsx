import type { Place } from '../../src/page/wire.js';
import { useClient, useSeen, useUser, useWords } from '../client-context.js';
import { Avatar } from '../shell/avatar.js';
import { Icon } from '../shell/icons.js';

/** Unanswered commands: pending, or "The application did not respond". */
export function FailedCommands({ place }: { readonly place: Place }) {
  const pending = useSeen((state) => state.pending);
  const mine = Object.entries(pending).filter(
    ([, { channelId, messageId }]) => channelId === place.id && messageId === undefined,
  );
  return (
    <>
      {mine.map(([id, { name, failed }]) => (
        <PendingCommand key={id} id={id} name={name} failed={failed} />
      ))}
    </>
  );
}

interface PendingProps {
  readonly id: string;
  readonly name: string;
  readonly failed: boolean;
}

function PendingCommand({ id, name, failed }: PendingProps) {
  const { store } = useClient();
  const words = useWords();
  const me = useSeen(({ world }) => world?.me);
  const bot = useUser(useSeen(({ world }) => world?.botId));
  const dismiss = (): void =>
    store.set(({ pending }) => {
      const { [id]: _gone, ...others } = pending;
      return { pending: others };
    });
  return (
    <article class={failed ? 'message message-failed' : 'message message-pending'}>
      <div class="message-above">
        <Avatar user={me} size="tiny" />
        <span class="message-asker">{me?.name}</span> {words.used} <span class="mention">/{name}</span>
      </div>
      <div class="message-avatar">
        <Avatar user={bot} />
      </div>
      <div class="message-main">
        <p class="message-head">
          <span class="author author-bot">{bot?.name}</span>
          <span class="tag">{words.app}</span>
        </p>
        <p class={failed ? 'failed-line' : 'md-subtext'}>
          {failed ? <Icon name="warning" /> : <Dots />}
          {failed ? words.noAnswer : words.sending}
        </p>
        {failed && (
          <p class="only-you">
            <Icon name="eye" /> {words.onlyYou} ·{' '}
            <button type="button" class="link" onClick={dismiss}>
              {words.dismiss}
            </button>
          </p>
        )}
      </div>
    </article>
  );
}

/** Three dots that wait. */
export function Dots() {
  return (
    <span class="dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}
