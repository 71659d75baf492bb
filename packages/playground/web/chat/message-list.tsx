import type { Message, Place } from '../../src/page/wire.js';
import { useSeen, useWords } from '../client-context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { MessageView } from './message.js';
import { FailedCommands } from './pending-commands.js';
import { type Follow, useFollow } from './use-follow.js';

const none: readonly Message[] = [];
/** ms within which messages of one author are written under one head. */
const together = 7 * 60_000;

/** A channel's messages; it stays at the newest unless someone has scrolled up. */
export function Messages({ place }: { readonly place: Place }) {
  const words = useWords();
  const messages = useSeen((state) => state.messages[place.id] ?? none);
  const { scroller, onScroll, ...follow } = useFollow(place, messages);
  const title = place.guildId === undefined ? 'Easel' : `#${place.name}`;
  return (
    <div class="messages-box">
      <section
        class="messages"
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        aria-label={fill(words.messagesIn, title)}
        onScroll={onScroll}
      >
        <div class="messages-inner" role="log" aria-live="polite" aria-relevant="additions">
          <Beginning place={place} title={title} />
          {messages.map((message, index) => (
            <MessageView
              key={message.id}
              message={message}
              isFollowing={isFollowing(messages[index - 1], message)}
            />
          ))}
          <FailedCommands place={place} />
        </div>
      </section>
      {follow.isAway && <OlderMessages {...follow} />}
    </div>
  );
}

/** Above the list while older messages are being read: a button to the newest. */
function OlderMessages({ missed, toPresent }: Pick<Follow, 'missed' | 'toPresent'>) {
  const words = useWords();
  const sentence = missed === 1 ? words.oneMissed : missed > 1 ? fill(words.missed, missed) : words.older;
  return (
    <button type="button" class="present" onClick={toPresent}>
      <span role="status">{sentence}</span>
      <strong>
        {words.toPresent} <Icon name="down" />
      </strong>
    </button>
  );
}

/** Whether a message goes under the head of the one before it. */
function isFollowing(before: Message | undefined, message: Message): boolean {
  if (
    !before ||
    before.authorId !== message.authorId ||
    message.asked ||
    message.replyTo ||
    message.ephemeral
  )
    return false;
  return !before.ephemeral && message.createdAt - before.createdAt < together;
}

function Beginning({ place, title }: { readonly place: Place; readonly title: string }) {
  const words = useWords();
  const isDirect = place.guildId === undefined;
  return (
    <header class="beginning">
      <span class="beginning-sign">
        <Icon name={isDirect ? 'at' : place.nsfw ? 'lock' : 'hash'} />
      </span>
      <h2>{isDirect ? title : fill(words.welcome, title)}</h2>
      <p>{isDirect ? words.welcomeDirect : fill(words.welcomeText, title)}</p>
      <p class="beginning-hint">{words.tryIt}</p>
    </header>
  );
}
