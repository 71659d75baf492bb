import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of this machine that no one listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** Whether something else listens on a port. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** A sentence for a port that can't be used; undefined if an error is about something else. */
export function unlistening(who: string, error: unknown, port: number): string | undefined {
  if (!(error instanceof Error && 'syscall' in error && error.syscall === 'listen')) return undefined;
  const why = isTaken(error) ? 'something else is listening there' : String('code' in error && error.code);
  return `${who} cannot listen on port ${port}: ${why}. Choose another with --port.`;
}
