import { subscribe } from 'node:diagnostics_channel';
import { z } from 'zod';
import type { Request } from './steps.js';
import type { Tripwire } from './tripwire.js';

const message = z.object({
  request: z.object({ method: z.string(), path: z.string(), headers: z.unknown() }),
  response: z.object({ statusCode: z.number() }).optional(),
});

/** undici publishes on these channels what it does with a request, at that very instant and before it continues. */
const instants = {
  'undici:client:sendHeaders': 'unsent',
  'undici:request:bodySent': 'sent',
  'undici:request:headers': 'answered',
  'undici:request:trailers': 'read',
} as const;

/** Makes every request of this process deadly: both services are spoken to through undici, and nothing else is. */
export function watchWire(tripwire: Tripwire): void {
  for (const [channel, instant] of Object.entries(instants)) {
    subscribe(channel, (told) => {
      const { request, response } = message.parse(told);
      // A refusal had no effect that a death could hide.
      if (response && response.statusCode >= 300) return;
      const name = nameOf(request.method, request.path, String(request.headers));
      if (name) tripwire.pass(`${instant} ${name}`);
    });
  }
}

function nameOf(method: string, path: string, headers: string): Request | undefined {
  const action = /(Create|Describe)Aigc/.exec(headers)?.[1];
  if (action === 'Create' || action === 'Describe') return action;
  const hasFile = /multipart\/form-data/.test(headers);
  const known = requests.find((each) => each.method === method && each.path.test(path));
  return hasFile ? known?.withFile : known?.name;
}

const requests: readonly { method: string; path: RegExp; name: Request; withFile?: Request }[] = [
  { method: 'POST', path: /\/interactions\/\d+\/[^/]+\/callback/, name: 'defer' },
  { method: 'PATCH', path: /\/webhooks\/.*original/, name: 'edit', withFile: 'upload' },
  { method: 'GET', path: /\/webhooks\/.*original/, name: 'look' },
  { method: 'POST', path: /\/users\/@me\/channels$/, name: 'open' },
  { method: 'POST', path: /\/channels\/\d+\/messages$/, name: 'message', withFile: 'file' },
  { method: 'GET', path: /\/channels\/\d+\/messages/, name: 'search' },
  { method: 'GET', path: /^\/(results|aigc-output)\//, name: 'download' },
  { method: 'GET', path: /^\/\?(.*&)?prefix=/, name: 'list' },
  { method: 'GET', path: /^\/(ephemeral-)?attachments\//, name: 'source' },
];
