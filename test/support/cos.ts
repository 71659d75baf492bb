import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A bucket on loopback that believes nothing unsigned: a second reading of COS's rules, apart from src/media/cos. */
export interface CosStandIn extends AsyncDisposable {
  readonly url: string;
  /** The objects in it, by key. */
  readonly objects: Map<string, Buffer>;
  /** Requests that are denied, no matter who signs them: `GET /`, `PUT /easel-sources/`. */
  readonly denied: Set<string>;
  /** Method, path and status of every request, in order. */
  readonly seen: readonly string[];
  /** Answers the next requests with these statuses instead; 0 breaks the connection. */
  fail(...statuses: number[]): void;
}

export interface CosStandInOptions {
  readonly secretId: string;
  readonly secretKey: string;
  /** With temporary keys. */
  readonly sessionToken?: string;
  /** ms since the epoch. */
  readonly now?: () => number;
}

export async function startCos(options: CosStandInOptions): Promise<CosStandIn> {
  const objects = new Map<string, Buffer>();
  const seen: string[] = [];
  const failures: number[] = [];

  const denied = new Set<string>();
  /** Of the bucket itself only if nothing follows the slash. */
  function isDenied({ method = '', url = '' }: IncomingMessage): boolean {
    const asked = `${method} ${url.split('?')[0]}`;
    return [...denied].some((line) => (line.endsWith(' /') ? asked === line : asked.startsWith(line)));
  }

  function handle(request: IncomingMessage, body: Buffer): { status: number; code?: string; body?: Buffer } {
    const failure = failures.shift();
    if (failure !== undefined) return { status: failure, code: failure === 403 ? 'AccessDenied' : 'Trouble' };
    const refused = refusal(request, options);
    if (refused) return { status: 403, code: refused };
    if (isDenied(request)) return { status: 403, code: 'AccessDenied' };
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://cos').pathname.slice(1));
    if (request.method === 'PUT') {
      const digest = createHash('md5').update(body).digest('base64');
      if (request.headers['content-md5'] !== digest) return { status: 400, code: 'InvalidDigest' };
      objects.set(key, body);
      return { status: 200 };
    }
    if (key === '' && request.method === 'GET') return { status: 200, body: Buffer.from(listed(request)) };
    const object = objects.get(key);
    if (!object) return { status: 404, code: 'NoSuchKey' };
    if (request.method === 'GET') return { status: 200, body: object };
    objects.delete(key);
    return { status: 204 };
  }

  /** One page after the other, as many keys as were asked for. */
  function listed({ url = '' }: IncomingMessage): string {
    const query = new URL(url, 'http://cos').searchParams;
    const most = Number(query.get('max-keys') ?? 1000);
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > (query.get('marker') ?? ''))
      .sort();
    const page = keys.slice(0, most);
    const entries = page.map(
      (key) => `<Contents><Key>${escaped(key)}</Key><Size>${objects.get(key)?.length}</Size></Contents>`,
    );
    const cut = keys.length > most;
    const next = cut ? `<NextMarker>${escaped(page.at(-1) ?? '')}</NextMarker>` : '';
    return `<ListBucketResult>${next}<IsTruncated>${cut}</IsTruncated>${entries.join('')}</ListBucketResult>`;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, code, body } = handle(request, Buffer.concat(chunks));
    seen.push(`${request.method} ${request.url?.split('?')[0]} ${status}`);
    if (status === 0) return void response.destroy();
    const error = `<Error>\n<Code>${code}</Code><RequestId>NjM=-1</RequestId></Error>`;
    response.writeHead(status).end(body ?? (code && error));
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    objects,
    denied,
    seen,
    fail: (...statuses) => void failures.push(...statuses),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** XML's text. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** COS's code for a request it would turn away; undefined for a good one. */
function refusal(request: IncomingMessage, options: CosStandInOptions): string | undefined {
  const { secretId, secretKey, sessionToken, now = Date.now } = options;
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://cos');
  const { authorization } = request.headers;
  const given = authorization ? new URLSearchParams(authorization) : searchParams;
  const token = authorization
    ? request.headers['x-cos-security-token']
    : searchParams.get('x-cos-security-token');
  if ((token ?? undefined) !== sessionToken) return 'InvalidAccessKeyId';
  if (given.get('q-sign-algorithm') !== 'sha1' || given.get('q-ak') !== secretId) return 'InvalidAccessKeyId';

  const time = given.get('q-sign-time') ?? '';
  const [from = Number.NaN, until = Number.NaN] = time.split(';').map((seconds) => Number(seconds) * 1000);
  if (!(from <= now() && now() <= until)) return 'RequestTimeTooSkewed';

  const names = (given.get('q-header-list') ?? '').split(';');
  if (!names.includes('host')) return 'SignatureDoesNotMatch';
  const pairs = names.map((name) => `${name}=${encodeURIComponent(String(request.headers[name]))}`);
  const asked = [...searchParams]
    .filter(([name]) => !name.startsWith('q-') && name !== 'x-cos-security-token')
    .map(([name, value]) => [encodeURIComponent(name).toLowerCase(), encodeURIComponent(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (asked.map(([name]) => name).join(';') !== (given.get('q-url-param-list') ?? ''))
    return 'SignatureDoesNotMatch';
  const query = asked.map((pair) => pair.join('=')).join('&');
  const http = [request.method?.toLowerCase(), decodeURIComponent(pathname), query, pairs.join('&'), ''];
  const hash = createHash('sha1').update(http.join('\n')).digest('hex');
  const key = createHmac('sha1', secretKey)
    .update(given.get('q-key-time') ?? '')
    .digest('hex');
  const signature = createHmac('sha1', key).update(`sha1\n${time}\n${hash}\n`).digest('hex');
  return signature === given.get('q-signature') ? undefined : 'SignatureDoesNotMatch';
}
