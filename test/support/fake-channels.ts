import { type APIMessage, ChannelType, DiscordAPIError } from 'discord.js';
import type { Rests } from '../../src/discord/rest/clients.js';
import { createMortality, type Mortality } from './mortal-table.js';

/** A message of Discord, as far as a test looks at it. */
export interface FakeMessage {
  readonly id: string;
  readonly channelId: string;
  /** None once Discord has forgotten it. */
  nonce: string | undefined;
  content: string;
  components: unknown;
}

/** Who has reacted to every message. */
const fan = '1100000000000000008';

/** Channels in memory, all open to everyone; they outlive the process that writes to them. */
export interface FakeChannels {
  /** Those that are there, in order. */
  readonly messages: FakeMessage[];
  /** Called when a post has arrived, before it is answered; a promise is awaited. */
  onPost: (message: FakeMessage) => unknown;
  /** REST clients of a process that dies around one of its requests that change something. */
  rests(mortality?: Mortality): Pick<Rests, 'bot' | 'uploads'>;
}

interface Sent {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

interface Body {
  readonly content?: string;
  readonly components?: unknown;
  readonly nonce?: string;
}

export function createFakeChannels(): FakeChannels {
  const messages: FakeMessage[] = [];
  // Later than `noon` of the test tasks.
  let serial = 1_461_400_000_000_000_100n;
  const channels: FakeChannels = {
    messages,
    onPost() {},
    rests(mortality = createMortality(Number.POSITIVE_INFINITY, 'before')) {
      const { write } = mortality;
      const bot = {
        get: async (path: string, { query }: { readonly query?: URLSearchParams } = {}) => {
          const [channelId = '', id] = placeIn(path);
          if (path.endsWith('/roles')) return [{ id: channelId, permissions: '1024' }];
          if (path.includes('/reactions/')) return [{ id: fan }];
          if (!path.includes('/messages')) return { id: channelId, type: ChannelType.GuildText };
          if (id !== undefined) return shown(find(path, id));
          const after = BigInt(query?.get('after') ?? 0);
          return messages
            .filter((one) => one.channelId === channelId && BigInt(one.id) > after)
            .reverse()
            .map(shown);
        },
        post: (path: string, sent: Sent) => write(async () => shown(await post(path, await bodyOf(sent)))),
        patch: (path: string, sent: Sent) =>
          write(async () => {
            const found = find(path, placeIn(path)[1]);
            return shown(Object.assign(found, await bodyOf(sent)));
          }),
        delete: (path: string) =>
          write(async () => void messages.splice(messages.indexOf(find(path, placeIn(path)[1])), 1)),
      };
      return { bot, uploads: bot } as unknown as Pick<Rests, 'bot' | 'uploads'>;
    },
  };

  async function post(path: string, { content = '', components = [], nonce }: Body): Promise<FakeMessage> {
    const [channelId = ''] = placeIn(path);
    const before = messages.find((one) => nonce !== undefined && one.nonce === nonce);
    if (before) return before;
    serial += 1n;
    const message = { id: String(serial), channelId, nonce, content, components };
    messages.push(message);
    await channels.onPost(message);
    return message;
  }

  function find(path: string, id: string | undefined): FakeMessage {
    const found = messages.find((one) => one.id === id);
    if (found) return found;
    const gone = { code: 10_008, message: 'Unknown Message' };
    throw new DiscordAPIError(gone, 10_008, 404, 'GET', path, {});
  }

  return channels;
}

async function bodyOf({ body, headers }: Sent): Promise<Body> {
  if (!(body instanceof FormData) && !Buffer.isBuffer(body)) return body as Body;
  const sent = new Request('http://localhost', { method: 'POST', body, ...(headers && { headers }) });
  return JSON.parse(String((await sent.formData()).get('payload_json')));
}

/** The ids in a path: of the channel, and of the message, if it names one. */
function placeIn(path: string): string[] {
  return path.split('/').filter((part) => /^\d+$/.test(part));
}

function shown({ id, channelId, content, components }: FakeMessage): APIMessage {
  const message = { id, channel_id: channelId, content, components, attachments: [], author: { bot: true } };
  return message as unknown as APIMessage;
}
