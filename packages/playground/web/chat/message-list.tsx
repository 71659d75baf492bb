import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Message, Place } from '../../src/page/wire.js';
import { useSeen, useWords } from '../context.js';
import { Icon } from '../shell/icons.js';
import { fill } from '../texts.js';
import { MessageView } from './message.js';
import { FailedCommands } from './pending-commands.js';

const none: readonly Message[] = [];
/** ms within which messages of one author are written under one head. */
const together = 7 * 60_000;

/** A channel's messages; it stays at the newest unless somebody has scrolled up. */
export function Messages({ place }: { readonly place: Place }) {
  const words = useWords();
  const messages = useSeen((state) => state.messages[place.id] ?? none);
  const pending = useSeen((state) => state.pending);
  const scroller = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);

  const follow = (): void => {
    const box = scroller.current;
    if (box && isAtEnd.current) box.scrollTop = box.scrollHeight;
  };
  useLayoutEffect(() => {
    isAtEnd.current = true;
  }, [place.id]);
  useLayoutEffect(follow, [messages, pending, place.id]);
  useEffect(() => {
    // Pictures grow as they load.
    const inner = scroller.current?.firstElementChild;
    const observer = new ResizeObserver(follow);
    if (inner) observer.observe(inner);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  });

  const title = place.guildId === undefined ? 'Easel' : `#${place.name}`;
  return (
    <section
      class="messages"
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      aria-label={fill(words.messagesIn, title)}
      onScroll={(event) => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
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
