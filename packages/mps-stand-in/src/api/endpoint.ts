import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StandInClock } from '@easel/stand-in-kit';
import type { ArmedFaults } from '../faults.js';
import type { Api, Outcome } from './actions.js';
import type { RawRequest } from './authentication.js';
import { refusalWith } from './error-messages.js';
import type { RequestRecord } from './request-log.js';

type When = 'before' | 'after';

/** Serves `POST /`: the API, and the misbehaviour around it. Every request ends in one record. */
export function createEndpoint(deps: {
  api: Api;
  clock: StandInClock;
  faults: ArmedFaults;
  record: (record: RequestRecord) => void;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { api, clock, faults, record } = deps;

  /** The reply that a fault gives in the API's stead; undefined when none strikes. */
  function misbehave(request: RawRequest, action: string, when: When): Reply | undefined {
    if (faults.strike('reset', { action, when })) return { code: 'reset' };
    const gateway = faults.strike('gateway', { action, when });
    if (gateway)
      return { code: String(gateway.status), status: gateway.status, body: gatewayPage(gateway.status) };
    const error = faults.strike('error', { action, when });
    if (!error) return undefined;
    return replyOf(api.refuse(request, refusalWith(error.code, error.message)));
  }

  return async (request, response) => {
    const at = clock.now();
    const start = performance.now();
    const raw = { headers: request.headers, body: await readBody(request) };
    const action = String(request.headers['x-tc-action'] ?? '');
    const early = misbehave(raw, action, 'before');
    const outcome = early ? undefined : api.process(raw);
    const delay = faults.strike('delay', { action });
    if (delay) await sleep(delay.ms, undefined, { ref: false });
    const reply = early ?? misbehave(raw, action, 'after') ?? (outcome && replyOf(outcome));
    record({
      at,
      action,
      code: reply?.code ?? 'reset',
      latency: performance.now() - start,
      ...(outcome && { requestId: outcome.requestId }),
      ...(outcome?.created && { taskId: outcome.created.id }),
    });
    if (reply?.body === undefined) return void request.socket.resetAndDestroy();
    const type = reply.status === 200 ? 'application/json' : 'text/html';
    response.writeHead(reply.status, { 'Content-Type': type, Date: new Date(clock.server()).toUTCString() });
    response.end(reply.body);
  };
}

/** A reply without a body is a reset connection. */
type Reply =
  | { readonly code: string; readonly status: number; readonly body: string }
  | { readonly code: 'reset'; readonly body?: undefined };

function replyOf({ code, body }: Outcome): Reply {
  return { code, status: 200, body };
}

function gatewayPage(status: number): string {
  return `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n<hr><center>stgw</center>\r\n</body>\r\n</html>\r\n`;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
