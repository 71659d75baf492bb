import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** An error answer of the object store: an HTTP status, a code, and an English message (COS has no other language). */
export class CosRefusal extends Error {
  override readonly name = 'CosRefusal';
  readonly status: number;
  readonly code: string;
  /** More of COS's message, such as the server's time. */
  readonly details: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** The headers that COS sends with every answer. */
export function commonHeaders(now: number): Record<string, string> {
  return {
    Date: new Date(now).toUTCString(),
    Server: 'tencent-cos',
    'x-cos-request-id': requestId(now),
  };
}

/** As COS writes them: base64 of hexadecimal parts with underscores. */
function requestId(now: number): string {
  const part = () => randomBytes(4).toString('hex');
  const time = Math.floor(now / 1000).toString(16);
  return Buffer.from(`${time}_${part()}_${part()}_${part().slice(0, 5)}`).toString('base64');
}

/** Sends a refusal as COS's XML; a HEAD has no body. */
export function sendRefusal(
  response: ServerResponse,
  { method, resource, now }: { readonly method?: string | undefined; resource: string; now: number },
  { status, code, message, details }: CosRefusal,
): void {
  const headers = commonHeaders(now);
  const fields = {
    Code: code,
    Message: message,
    ...details,
    Resource: resource,
    RequestId: headers['x-cos-request-id'] ?? '',
    TraceId: randomBytes(24).toString('base64'),
  };
  const lines = Object.entries(fields).map(([name, value]) => `\t<${name}>${escapeXml(value)}</${name}>\n`);
  const xml = `<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n${lines.join('')}</Error>\n`;
  const body = method === 'HEAD' ? '' : xml;
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/xml',
    ...(method !== 'HEAD' && { 'Content-Length': Buffer.byteLength(body) }),
  });
  response.end(body);
}

/** Escapes text for XML; control characters, which XML cannot hold, become references as COS sends them. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"'\p{Cc}]/gu, (char) => `&#${char.codePointAt(0)};`);
}
