import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandInOptions, type MessageView } from '@easel/discord-stand-in';
import { createDelivery } from '../../src/discord/delivery/discord-delivery.js';
import { createRests } from '../../src/discord/rest/clients.js';
import { createSetCards } from '../../src/discord/views/sets/set-card.js';
import { createCards } from '../../src/discord/views/task-card.js';
import type { FetchedFile } from '../../src/media/files.js';
import { createCatalogue } from '../../src/mps/catalogue/catalogue.js';
import type { GenerationRequest } from '../../src/mps/generation-request.js';
import { atPresent } from '../../src/tasks/delivery/current-origin.js';
import type { Delivery } from '../../src/tasks/delivery/delivery-port.js';
import { createDeliveryRoutes } from '../../src/tasks/delivery/delivery-routes.js';
import { createLedger, type Ledger } from '../../src/tasks/ledger/ledger.js';
import type { Origin, State, Task, TaskId } from '../../src/tasks/model/task.js';
import { partId, partOf } from '../../src/tasks/model/task-set.js';
import { noLimits, wholePacking } from './delivery.js';
import { createCollectingLog } from './log.js';
import { createMemoryTable } from './table.js';
import { anImageRequest, aTask, states } from './tasks.js';

/** Stops a process: nothing after it happens any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface SetBenchOptions {
  readonly discord?: DiscordStandInOptions;
  readonly origin?: Partial<Origin>;
  /** The origin: a command (default), or a mention that was replied to. */
  readonly by?: 'command' | 'mention';
  readonly notifyAfterMs?: number;
  /**
   * The event whose set this is, if another one accepted it.
   * @default the origin's
   */
  readonly asked?: string;
}

/** Parts of one set between a real ledger and a real Discord client; the stand-in judges every request. */
export async function createSetBench(options: SetBenchOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'easel-set-'));
  const discord = await createDiscordStandIn({ rateWindow: 0.02, ...options.discord });
  const table = createMemoryTable();
  const catalogue = createCatalogue();
  const origin = await (options.by === 'mention' ? mentioned : commanded)(discord);
  const leads = `${options.asked ?? origin.eventId}:1` as const;

  /**
   * A process of the bot on the same records. `kill` decides before each step whether it dies there, and after each one,
   * which may be held up by `hold`.
   */
  async function start(
    kill: (step: string) => boolean = () => false,
    hold: (step: string) => Promise<unknown> | undefined = () => undefined,
  ) {
    const life = new AbortController();
    const { signal } = life;
    const begun: Promise<unknown>[] = [];
    const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
      if (kill(`before ${name}`)) life.abort(new Killed(name));
      signal.throwIfAborted();
      const acting = act();
      begun.push(acting.catch(() => {}));
      const result = await acting;
      await hold(`after ${name}`);
      if (kill(`after ${name}`)) life.abort(new Killed(name));
      signal.throwIfAborted();
      return result;
    };
    const log = createCollectingLog();
    const real = createLedger({ table, log, now: Date.now, retryMs: 1 });
    await real.load();
    const ledger: Ledger = {
      ...real,
      record: (id, event) => step(`${event.type} ${id.split(':')[1]}`, () => real.record(id, event)),
    };
    const setCards = createSetCards({ catalogue });
    const inDiscord = createDelivery({
      rests: createRests(discord.apiUrl, discord.token),
      cards: createCards({ catalogue }),
      setCards,
      limits: noLimits,
      ledger,
      log,
      now: Date.now,
      cardsApartMs: 0,
      togetherMs: 5,
    });
    const stepped: Delivery = {
      ...inDiscord,
      post: (task, ...more) => step(`post ${task.id.split(':')[1]}`, () => inDiscord.post(task, ...more)),
      notify: (task, ...more) => step('notify', () => inDiscord.notify(task, ...more)),
    };
    const delivery = atPresent(stepped, ledger);
    const routes = createDeliveryRoutes({
      ledger,
      delivery,
      packing: wholePacking,
      log,
      now: Date.now,
      retryMs: 1,
      signal,
      run: (post) => post(),
      ...(options.notifyAfterMs !== undefined && { notifyAfterMs: options.notifyAfterMs }),
    });
    return {
      ledger,
      delivery,
      log,
      /** What it had sent when it was killed still arrives. */
      settled: () => Promise.all(begun),
      /** Delivers the results of these parts, or their failures. */
      async deliver(...parts: readonly number[]): Promise<void> {
        await Promise.all(
          parts.map(async (part) => {
            const id = partId(leads, part);
            const task = ledger.get(id);
            if (!task) return;
            const files = task.state.name === 'delivering' ? [await fileFor(part)] : [];
            await routes.handOver(id, files, Date.now() + 60_000);
          }),
        );
      },
    };
  }

  async function fileFor(part: number): Promise<FetchedFile> {
    const path = join(folder, `result-${part}`);
    const bytes = Buffer.concat([pngStart, Buffer.from(`picture ${part}`)]);
    await writeFile(path, bytes);
    return { path, type: part > 99 ? 'video/mp4' : 'image/png', bytes: bytes.length, sha256: `${part}` };
  }

  return {
    discord,
    origin,
    start,
    /** Puts a set into the ledger, with the outcome of each part. */
    async place(parts: readonly State[], more: PlaceOptions = {}): Promise<void> {
      const ledger = createLedger({ table, log: createCollectingLog(), now: Date.now, retryMs: 1 });
      await ledger.load();
      const { clip } = more;
      if (clip) {
        const { set: _none, ...task } = aPart(partId(leads, 102), parts.length, done, origin, {});
        await ledger.add({ ...task, ...clip });
      }
      for (const [index, state] of parts.entries())
        await ledger.add(
          aPart(partId(leads, index + 1), parts.length, state, { ...origin, ...options.origin }, more),
        );
    },
    /** Attaches a source image to the answer, as for MPS to fetch, and returns its id. */
    async host(): Promise<string> {
      const { applicationId, token = '' } = origin;
      const body = new FormData();
      body.append('payload_json', JSON.stringify({ attachments: [{ id: 0, filename: 'source1.png' }] }));
      body.append('files[0]', new Blob([pngStart], { type: 'image/png' }), 'source1.png');
      const path = `/webhooks/${applicationId}/${token}/messages/@original`;
      const message = (await request(discord, 'PATCH', path, body)) as { attachments: { id: string }[] };
      return message.attachments[0]?.id ?? '';
    },
    /** The user's view of the set: messages with its files or buttons, oldest first. */
    seen: (): MessageView[] =>
      [...discord.messages('general'), ...discord.messages('dm:ben')].filter(
        (message) => message.author.bot && !message.deleted,
      ),
    /** Visible edits of messages: `PATCH`es that Discord accepted. */
    edits: () => discord.requests.filter(({ method, status }) => method === 'PATCH' && status === 200).length,
    async close(): Promise<void> {
      await discord.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type SetBench = Awaited<ReturnType<typeof createSetBench>>;

const pngStart = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

interface PlaceOptions {
  readonly request?: (part: number) => GenerationRequest;
  /** The clip chained to one of them, with a result. */
  readonly clip?: Pick<Task, 'id' | 'after' | 'request'>;
}

function aPart(id: TaskId, parts: number, state: State, origin: Origin, more: PlaceOptions): Task {
  const part = partOf(id);
  const at = Date.now();
  const wish = part === 1 ? { wish: { count: parts } } : {};
  return aTask({
    id,
    origin,
    state,
    request: more.request?.(part) ?? anImageRequest(),
    set: { part, parts, before: part - 1, results: parts, ...wish },
    ...(state.name === 'delivering' && {
      results: { urls: [''], files: [{ sha256: `${part}`, bytes: 17, type: 'image/png' }] },
    }),
    history: [
      { state: 'received', at },
      ...(state.name === 'received' ? [] : [{ state: state.name, at: at + 34_000 }]),
    ],
  });
}

type Discord = Awaited<ReturnType<typeof createDiscordStandIn>>;

function originAt(discord: Discord, changes: Partial<Origin>): Origin {
  const actor = discord.actor('ben', 'general');
  const { id, guildId = '' } = discord.world.channel('general');
  return {
    applicationId: discord.applicationId,
    eventId: '',
    guildId,
    channelId: id,
    userId: actor.userId,
    guildInstalled: true,
    roles: [],
    locale: 'en-US',
    private: false,
    acknowledged: true,
    sizeLimit: 10 * 1024 * 1024,
    mayPostLater: true,
    mayReadHistory: true,
    ...changes,
  };
}

/** A command that was deferred. */
export async function commanded(discord: Discord): Promise<Origin> {
  const command = { name: 'imagine', description: 'Paints', type: 1 };
  await request(discord, 'PUT', `/applications/${discord.applicationId}/commands`, [command]);
  const invocation = await discord.actor('ben', 'general').command('imagine', {});
  await request(discord, 'POST', `/interactions/${invocation.id}/${invocation.token}/callback`, { type: 5 });
  return originAt(discord, {
    eventId: invocation.id,
    token: invocation.token,
    tokenExpiresAt: Date.now() + 900_000,
    messageId: invocation.message()?.id ?? '',
  });
}

/** A mention that was replied to. */
async function mentioned(discord: Discord): Promise<Origin> {
  const asked = await discord.actor('ben', 'general').send('@Easel a red fox');
  const { id: channelId } = discord.world.channel('general');
  const reply = {
    content: 'getting ready',
    message_reference: { message_id: asked.id },
    allowed_mentions: { parse: [], replied_user: false },
  };
  const sent = (await request(discord, 'POST', `/channels/${channelId}/messages`, reply)) as { id: string };
  return originAt(discord, { eventId: asked.id, replyAs: discord.world.botId, messageId: sent.id });
}

async function request(
  { apiUrl, token }: Discord,
  method: string,
  path: string,
  body: unknown,
): Promise<unknown> {
  const response = await fetch(`${apiUrl}/v10${path}`, {
    method,
    headers: {
      authorization: `Bot ${token}`,
      ...(!(body instanceof FormData) && { 'content-type': 'application/json' }),
      'user-agent': 'DiscordBot (https://example.com, 1)',
    },
    body: body instanceof FormData ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A part with a result to post, and one that failed. */
export const done: State = states.delivering;
export const failed: State = states.failed;
