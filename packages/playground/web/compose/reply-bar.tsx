import type { Message } from '../../src/page/wire.js';
import { useClient, useUser, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';

interface Props {
  readonly message: Message;
  readonly isRinging: boolean;
  readonly onRinging: (rings: boolean) => void;
}

/** The author being replied to, and whether they are pinged. */
export function ReplyBar({ message, isRinging, onRinging }: Props) {
  const { store } = useClient();
  const words = useWords();
  const user = useUser(message.authorId);
  return (
    <div class="reply-bar">
      <span>
        {words.replyingTo} <strong>{user?.name}</strong>
      </span>
      <button
        type="button"
        class={isRinging ? 'reply-ring reply-ring-on' : 'reply-ring'}
        aria-pressed={isRinging}
        onClick={() => onRinging(!isRinging)}
      >
        <Icon name="at" /> {isRinging ? words.mentionOn : words.mentionOff}
      </button>
      <button
        type="button"
        class="tool"
        aria-label={words.cancelReply}
        onClick={() => store.set({ replyTo: undefined })}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
