import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatch } from '@easel/discord-stand-in/internals';
import {
  type Core,
  createCore,
  gatewayUrl,
  interactionCreate,
  interactionJson,
  interactionTypes,
} from '@easel/discord-stand-in/internals';

/**
 * The stand-in's gateway, and of REST only what commands need, unvalidated. The stand-in validates
 * every body and publishes its outcome, which takes longer than a bot's answer: when answers are timed, the
 * measuring tool must not be the bottleneck.
 */
export interface QuickDiscord {
  readonly apiUrl: string;
  readonly token: string;
  /** Resolves once a bot is connected and has had time to look around. */
  ready(): Promise<void>;
  /** `/imagine` by someone, as many as there are prompts, in the same instant. */
  imagine(prompts: readonly string[]): readonly Command[];
  /** Requests that this Discord does not support. */
  readonly unknown: readonly string[];
  close(): Promise<void>;
}

/** A command that was typed. */
export interface Command {
  /** ms until it was acknowledged; undefined when no one did so within 3 s. */
  readonly acknowledged: Promise<number | undefined>;
}

/** Discord docs: "Receiving and Responding". */
const patienceMs = 3_000;
const api = '/api/v10';
const people = ['ada', 'ben', 'mia', 'lin'] as const;

export async function startQuickDiscord(seed: number): Promise<QuickDiscord> {
  const core = createCore({ seed });
  const { gateway, address, token } = core;
  const waiting = new Map<string, () => void>();
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    void answer(request, response, core, waiting).then((known) => {
      if (!known) unknown.push(`${request.method} ${request.url}`);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!gateway.upgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port');
  address.host = `127.0.0.1:${bound.port}`;
  return {
    apiUrl: `http://${address.host}/api`,
    token,
    unknown,
    async ready() {
      while (!gateway.isReady()) await sleep(20);
      await sleep(500);
    },
    imagine(prompts) {
      const events = prompts.map((prompt, number) => commandOf(core, prompt, number));
      return events.map(({ id, event }) => {
        const command = { acknowledged: acknowledgementOf(id, waiting) };
        gateway.dispatch(event);
        return command;
      });
    },
    async close() {
      core.clock.close();
      gateway.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function acknowledgementOf(id: string, waiting: Map<string, () => void>): Promise<number | undefined> {
  const from = performance.now();
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(undefined), patienceMs);
    waiting.set(id, () => {
      clearTimeout(late);
      resolve(performance.now() - from);
    });
  });
}

/** The event of a command, ready to be sent. */
function commandOf(core: Core, prompt: string, number: number): { id: string; event: Dispatch } {
  const { world, interactions, applicationId, uploadLimit } = core;
  const user = world.user(people[number % people.length] ?? people[0]);
  const channel = world.channel('general');
  const record = interactions.create({
    type: interactionTypes.command,
    name: 'imagine',
    userId: user.id,
    channelId: channel.id,
    guildId: channel.guildId,
    uploadLimit,
    owners: { '0': channel.guildId },
  });
  const options = [{ name: 'prompt', type: 3, value: prompt }];
  const data = { id: '100000000000000001', name: 'imagine', type: 1, options };
  const payload = interactionJson(world, record, {
    applicationId,
    data,
    message: undefined,
    locale: undefined,
  });
  return { id: record.id, event: interactionCreate(record, true, payload) };
}

/** Answers a request; returns whether it is supported. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  core: Core,
  waiting: Map<string, () => void>,
): Promise<boolean> {
  const path = (request.url ?? '').replace(/\?.*/, '').slice(api.length);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const say = (body: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
    return status < 400;
  };
  const [, kind, id = ''] = path.split('/');
  if (kind === 'interactions') {
    waiting.get(id)?.();
    waiting.delete(id);
    return say({ interaction: { id, type: 2, response_message_id: id } });
  }
  if (kind === 'webhooks') return say({ id: path.split('/').at(-1), attachments: [] });
  if (path === '/gateway/bot') return say(gatewayJson(core));
  if (/^\/applications\/\d+\/commands$/.test(path)) return say(commandsJson(request, chunks));
  return say({ message: '404: Not Found', code: 0 }, 404);
}

function gatewayJson({ address }: Core): object {
  const session_start_limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
  return { url: gatewayUrl(address), shards: 1, session_start_limit };
}

/** Nothing is registered, and messages are not validated. */
function commandsJson({ method }: IncomingMessage, chunks: readonly Buffer[]): unknown {
  return method === 'GET' ? [] : JSON.parse(Buffer.concat(chunks).toString());
}
