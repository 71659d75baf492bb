import type { News } from '../src/page/wire.js';

export interface LiveOptions {
  readonly user: string;
  readonly onNews: (news: News) => void;
  /** Called with true at each (new) connection: missed events are to be read again. */
  readonly onConnection: (connected: boolean) => void;
}

/** Listens for what the user can see, and reconnects when the connection breaks. Returns a function that ends it. */
export function listen({ user, onNews, onConnection }: LiveOptions): () => void {
  let socket: WebSocket;
  let again: ReturnType<typeof setTimeout>;
  let isOver = false;

  function open(): void {
    socket = new WebSocket(`ws://${location.host}/_page/live?user=${encodeURIComponent(user)}`);
    socket.addEventListener('open', () => onConnection(true));
    socket.addEventListener('message', ({ data }) => onNews(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      if (isOver) return;
      onConnection(false);
      again = setTimeout(open, 1_000);
    });
  }

  open();
  return () => {
    isOver = true;
    clearTimeout(again);
    socket.close();
  };
}
