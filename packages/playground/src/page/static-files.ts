import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { addressOf } from '@easel/stand-in-kit';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Everything is local, and nothing is inline: a message's content can never run. */
function policy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}

const unbuilt = 'The page is not built yet. Run npm run build:page (npm run playground does so by itself).\n';

/** Serves the page's own files, `/` and `/assets/…`, from the folder they were built to; false for other paths. */
export function createFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  async function send(path: string, host: string, response: ServerResponse): Promise<void> {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (!bytes) {
      response.writeHead(path === 'index.html' ? 503 : 404, { 'content-type': 'text/plain' });
      return void response.end(path === 'index.html' ? unbuilt : 'There is no such file.\n');
    }
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy(host),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // The names of assets change with their content.
      'cache-control': path === 'index.html' ? 'no-cache' : 'max-age=31536000, immutable',
    });
    response.end(bytes);
  }

  return (request, response) => {
    const { pathname } = addressOf(request);
    const asset = /^\/(assets\/[\w-]+(?:\.[\w-]+)*\.(?:js|css|svg))$/.exec(pathname)?.[1];
    const path = pathname === '/' ? 'index.html' : asset;
    if (path === undefined || request.method !== 'GET') return false;
    void send(path, request.headers.host ?? '', response);
    return true;
  };
}
