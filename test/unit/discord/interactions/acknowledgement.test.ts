import { DiscordAPIError, HTTPError } from 'discord.js';
import { describe, expect, it } from 'vitest';
import { createAcknowledge } from '../../../../src/discord/interactions/acknowledgement.js';
import { StoreError } from '../../../../src/store/store.js';
import type { Task } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { anOrigin, aTask, noon } from '../../../support/tasks.js';

const card = { content: '> a red fox', components: [], flags: 0, allowed_mentions: { parse: [] } };
const messageId = '1146000000000000099';

const refusal = (status: number, code: number) =>
  new DiscordAPIError({ code, message: 'refused' }, code, status, 'POST', 'https://discord.invalid', {});

/** What was sent to Discord for an order, and what became known of its answer. */
async function acknowledged(task: Task, { refuse, draw = async () => card, crowded = false }: Faults = {}) {
  const sent: string[] = [];
  const acknowledge = createAcknowledge({
    responder: {
      async answer(_, { content }, { private: secret }) {
        sent.push(`${secret ? 'private ' : ''}card ${content}`);
        const error = refuse?.('card', sent.length);
        if (error) throw error;
        return messageId;
      },
      async defer(_, { private: secret }) {
        sent.push(`${secret ? 'private ' : ''}defer`);
        const error = refuse?.('defer', sent.length);
        if (error) throw error;
        return messageId;
      },
    },
    open: async (_, send) => send(await draw()),
    delivery: { answered: async () => false },
    ackGate: { isCrowded: () => crowded },
    log: createCollectingLog(),
    now: () => noon,
  });
  return { sent, known: await acknowledge(task) };
}

interface Faults {
  readonly refuse?: (what: 'card' | 'defer', nth: number) => Error | undefined;
  readonly draw?: () => Promise<typeof card>;
  readonly crowded?: boolean;
}

const order = (more: Partial<Task> = {}) =>
  aTask({ origin: anOrigin({ acknowledged: false, private: false }), ...more });

describe('an order is answered', () => {
  it('with its first card, so that its words are known to be taken', async () => {
    const { sent, known } = await acknowledged(order());
    expect(sent).toEqual(['card > a red fox']);
    expect(known).toEqual({ answer: { acknowledged: true, introduced: true, messageId } });
  });

  it('for its user alone, if it is private', async () => {
    const { sent } = await acknowledged(order({ origin: anOrigin({ private: true }) }));
    expect(sent).toEqual(['private card > a red fox']);
  });

  it('without its words while moderators have to read them first', async () => {
    const { sent, known } = await acknowledged(order({ review: { before: 'words' } }));
    expect(sent).toEqual(['defer']);
    expect(known).toEqual({ answer: { acknowledged: true, messageId } });
  });

  it('with "thinking…" while many order at once: it takes less time than a card', async () => {
    expect((await acknowledged(order(), { crowded: true })).sent).toEqual(['defer']);
  });

  it.each([
    ['refuses its words', 400, 200_000],
    ['refuses the card', 400, 50_035],
    ['finds that it may not be shown there', 403, 20_009],
  ])('with "thinking…" if Discord %s', async (_, status, code) => {
    const { sent, known } = await acknowledged(order(), {
      refuse: (what) => (what === 'card' ? refusal(status, code) : undefined),
    });
    expect(sent).toEqual(['card > a red fox', 'defer']);
    expect(known).toEqual({ answer: { acknowledged: true, messageId } });
  });

  it.each([
    ['the store cannot say what is on it', new StoreError('away', 'tasks', 'Redis is unreachable')],
    ['of a mistake of ours', new TypeError('undefined is not a card')],
  ])('with "thinking…" if the card cannot be drawn, since %s', async (_, error) => {
    const { sent, known } = await acknowledged(order(), { draw: () => Promise.reject(error) });
    expect(sent).toEqual(['defer']);
    expect(known).toEqual({ answer: { acknowledged: true, messageId } });
  });

  it('once: an interaction that is gone is not asked twice', async () => {
    const { sent, known } = await acknowledged(order(), { refuse: () => refusal(404, 10_062) });
    expect(sent).toEqual(['card > a red fox']);
    expect(known).toHaveProperty('refusal');
  });

  it.each([
    ['the network failed', new Error('ECONNRESET')],
    ['Discord failed at the card', new HTTPError(500, 'Internal', 'POST', 'https://discord.invalid', {})],
  ])('again if %s, with the least', async (_, error) => {
    const { sent, known } = await acknowledged(order(), {
      refuse: (what) => (what === 'card' ? error : undefined),
    });
    expect(sent).toEqual(['card > a red fox', 'defer']);
    expect(known).toEqual({ answer: { acknowledged: true, messageId } });
  });
});
