import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message, Place } from '../../src/page/wire.js';
import { useClient, useSeen } from '../client-context.js';
import { flash } from './flash.js';

/** Pixels from the end within which a reader counts as being there. */
const nearEnd = 40;

export interface Follow {
  readonly scroller: RefObject<HTMLDivElement>;
  readonly onScroll: () => void;
  /** Whether the reader has scrolled away from the newest message. */
  readonly isAway: boolean;
  /** Messages that have arrived since. */
  readonly missed: number;
  readonly toPresent: () => void;
}

/** Keeps a list at its newest message, unless its reader has scrolled up or was led to an older one. */
export function useFollow(place: Place, messages: readonly Message[]): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const isFollowing = useRef(true);
  const lastTop = useRef(0);
  const [isAway, setAway] = useState(false);
  const [newestSeen, setNewestSeen] = useState<string>();

  const follow = (): void => {
    const box = scroller.current;
    if (!box || !isFollowing.current) return;
    box.scrollTop = box.scrollHeight;
    lastTop.current = box.scrollTop;
  };
  const setFollowing = (follows: boolean): void => {
    if (isFollowing.current && !follows) setNewestSeen(messages.at(-1)?.id);
    isFollowing.current = follows;
    setAway(!follows);
  };
  /**
   * Only a step upwards leaves the end: pictures grow between a scroll and its event, so that the distance alone would
   * mistake every loading picture for a scrolling reader.
   */
  const onScroll = (): void => {
    const box = scroller.current;
    if (!box) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd;
    if (isAtEnd) setFollowing(true);
    else if (box.scrollTop < lastTop.current - 1) setFollowing(false);
    lastTop.current = box.scrollTop;
  };
  const toPresent = (): void => {
    setFollowing(true);
    follow();
  };

  const mine = useOwnDoings(place);
  useLayoutEffect(toPresent, [place.id]);
  // A reader's own action scrolls to the end, as in Discord.
  useLayoutEffect(() => {
    if (mine > 0) toPresent();
  }, [mine]);
  useJump(scroller, messages, () => setFollowing(false));
  useLayoutEffect(follow);
  useEffect(() => {
    // Pictures grow as they load, and a keyboard takes room.
    const inner = scroller.current?.firstElementChild;
    const observer = new ResizeObserver(follow);
    if (inner) observer.observe(inner);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  const missed = isAway ? messages.length - 1 - messages.findIndex(({ id }) => id === newestSeen) : 0;
  return { scroller, onScroll, isAway, missed: newestSeen === undefined ? 0 : missed, toPresent };
}

/** Grows with every message that the reader sends here, every command that they call, and every answer for them alone. */
function useOwnDoings(place: Place): number {
  const count = useRef(0);
  const seen = useRef('');
  const newest = useSeen(({ world, messages, pending }) => {
    const me = world?.me.id;
    const isOwn = ({ authorId, asked, ephemeral }: Message): boolean =>
      ephemeral || authorId === me || asked?.userId === me;
    const own = messages[place.id]?.findLast(isOwn)?.id ?? '';
    const called = Object.entries(pending).filter(
      ([, { channelId, messageId }]) => channelId === place.id && messageId === undefined,
    );
    return `${place.id} ${own} ${called.at(-1)?.[0] ?? ''}`;
  });
  if (newest !== seen.current) {
    // An answered command is not a new message.
    const [id, own = '', called = ''] = newest.split(' ');
    const [idBefore, ownBefore, calledBefore] = seen.current.split(' ');
    if (id === idBefore && (own !== ownBefore || (called !== '' && called !== calledBefore)))
      count.current += 1;
    seen.current = newest;
  }
  return count.current;
}

/** Leads to the message that a link names, once it is there. */
function useJump(scroller: RefObject<HTMLDivElement>, messages: readonly Message[], leave: () => void): void {
  const { store } = useClient();
  const wanted = useSeen(({ jumpTo }) => jumpTo);
  useLayoutEffect(() => {
    const article = wanted && scroller.current?.querySelector(`[data-id="${CSS.escape(wanted)}"]`);
    if (!article) return;
    store.set({ jumpTo: undefined });
    leave();
    article.scrollIntoView({ block: 'center' });
    flash(article);
  }, [wanted, messages]);
}
