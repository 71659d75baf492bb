import { connect } from 'node:net';
import PQueue from 'p-queue';
import { createRandom } from '../support/hostile.js';

const methods = [
  'GET',
  'POST',
  'HEAD',
  'PUT',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'get',
  '',
  '\u0000',
  'G'.repeat(9_000),
];
const targets = [
  ...[
    '/',
    '//',
    '///',
    '/livez',
    '/readyz',
    '/metrics',
    '/state',
    '*',
    'http://',
    'http://[::1',
    'https://x/livez',
  ],
  ...[
    '/%',
    '/%zz',
    '/%00',
    '/..%2f..',
    '/livez?%',
    '/?a[]=%E0%A4',
    '\\',
    '/\\x',
    '',
    ' ',
    '//[',
    '//@',
    '//:0',
  ],
];
const headers = [
  ...[
    'Host: 127.0.0.1',
    'Host:',
    'Host: [',
    'Host: evil.example',
    'Host: a\r\nHost: b',
    'Origin: null',
    'Origin: ://',
  ],
  ...[
    'Content-Length: -1',
    'Content-Length: 99999999999',
    'Transfer-Encoding: chunked',
    'Upgrade: websocket',
  ],
  ...[
    'Connection: upgrade',
    'Expect: 100-continue',
    `X: ${'y'.repeat(20_000)}`,
    'Accept-Encoding: \u0001',
    ': x',
  ],
];
const lineEnds = ['\r\n', '\n', '\r'];
const atOnce = 24;
const patienceMs = 3_000;

/** Sends that many malformed requests to a server on this machine. */
export async function sendRequests(address: string, count: number, seed: number): Promise<void> {
  const random = createRandom(seed);
  const { hostname, port } = new URL(address);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(
    Array.from({ length: count }, () => {
      const end = oneOf(lineEnds);
      const noise = Array.from({ length: Math.floor(random() * 12) }, () =>
        String.fromCharCode(random() * 256),
      );
      const target = random() < 0.5 ? oneOf(targets) : `/${noise.join('')}`;
      const lines = [`${oneOf(methods)} ${target} HTTP/${oneOf(['1.1', '1.0', '2', '9.9', ''])}`];
      for (let at = 0; at < random() * 4; at++) lines.push(oneOf(headers));
      const text = `${lines.join(end)}${random() < 0.9 ? end + end : ''}${random() < 0.3 ? noise.join('') : ''}`;
      return () => send(hostname, Number(port), Buffer.from(text, 'latin1'));
    }),
  );
}

/** Settles when the server has closed, answered, or been silent for a while. */
function send(host: string, port: number, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.end(bytes));
    socket.on('error', () => {}).on('close', () => resolve());
    socket.setTimeout(patienceMs, () => socket.destroy());
    socket.resume();
  });
}
