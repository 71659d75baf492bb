import { describe, expect, it } from 'vitest';
import type { Outcome, PressAnswer } from '../../../../src/cluster/peer-requests.js';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import { createHeldResults } from '../../../../src/discord/services/held-results.js';
import type { RemoteRequest } from '../../../../src/discord/services/remote-tasks.js';
import { UserError } from '../../../../src/errors.js';
import { text } from '../../../../src/locales/index.js';
import { createLedger } from '../../../../src/tasks/ledger/ledger.js';
import type { Route, TaskId } from '../../../../src/tasks/model/task.js';
import { createCollectingLog } from '../../../support/log.js';
import { createMemoryTable } from '../../../support/table.js';
import { anOrigin, aTask, noon, states } from '../../../support/tasks.js';
import { settled } from '../../../support/until.js';

const kept = { ...states.delivering, handover: { route: 'kept', tries: 1 } } as const;
const press = {
  id: '1146000000000000500',
  applicationId: '1100000000000000001',
  token: 'the-press',
  attachmentSizeLimit: anOrigin().sizeLimit,
  user: { id: anOrigin().userId },
  appPermissions: { has: () => true },
  authorizingIntegrationOwners: {},
  isMessageComponent: () => false,
  isModalSubmit: () => false,
} as unknown as AnswerableInteraction;
const ours = '1146000000000000600';

/** Such a press at another process, as forwarded. */
const answer: PressAnswer = {
  applicationId: press.applicationId,
  token: 'the-press',
  messageId: ours,
  locale: 'zh-CN',
  tokenExpiresAt: noon + 60_000,
  sizeLimit: 5,
};

/**
 * A kept outcome, and what happens when its user presses.
 * @param there has another process handle the outcome, which answers that.
 */
async function setUp(
  hand: (id: TaskId) => Promise<void> = async () => {},
  there?: (wish: RemoteRequest) => Promise<Outcome | undefined>,
) {
  const ledger = createLedger({ table: createMemoryTable(), log: createCollectingLog(), now: () => noon });
  await ledger.load();
  const { id } = aTask();
  await ledger.add(aTask({ id, state: kept }));
  const filled: string[] = [];
  const deferring: (() => Promise<void>)[] = [];
  const log = createCollectingLog();
  const { collect, take } = createHeldResults({
    ledger,
    log,
    now: () => noon,
    runner: { handOut: hand },
    remoteTasks: { has: () => there !== undefined, run: async (_, wish) => there?.(wish) },
    locale: async () => 'en-US',
    responder: {
      async defer() {
        for (const act of deferring) await act();
        return ours;
      },
      fill: async (_, { content }) => void filled.push(content ?? ''),
    },
  });
  const deliver = async (route: Route, messageId: string) => {
    await ledger.record(id, { type: 'handing', route });
    await ledger.record(id, { type: 'handed', posted: { channelId: '1', messageId } });
  };
  return { id, ledger, filled, deferring, collect, take, deliver, log };
}

describe('collecting a kept outcome', () => {
  it('is answered by the outcome itself, and by nothing else', async () => {
    const at = await setUp(() => at.deliver('answer', ours));
    await at.collect(press, at.id);
    await settled();
    expect(at.filled).toEqual([]);
    expect((await at.ledger.find(at.id))?.state).toMatchObject({ posted: { messageId: ours } });
  });

  it('is answered by a sentence if the outcome was delivered elsewhere while the press was acknowledged', async () => {
    const at = await setUp();
    at.deferring.push(() => at.deliver('direct', '1146000000000000700'));
    await at.collect(press, at.id);
    expect(at.filled).toEqual([text('en-US', 'tasks.elsewhere')]);
  });

  it('is answered by a sentence if a pending attempt already delivers it elsewhere', async () => {
    const at = await setUp(() => at.deliver('direct', '1146000000000000700'));
    await at.collect(press, at.id);
    await settled();
    expect(at.filled).toEqual([text('en-US', 'tasks.elsewhere')]);
  });

  it('is answered by a sentence if no route took the outcome, and can be repeated', async () => {
    const at = await setUp();
    await at.collect(press, at.id);
    await settled();
    await at.collect(press, at.id);
    await settled();
    const still = text('en-US', 'tasks.stillKept');
    expect(at.filled).toEqual([still, still]);
  });

  it('waits until an outcome that became a failure is shown in the answer', async () => {
    let tries = 0;
    const at = await setUp(async (id) => {
      tries += 1;
      if (tries === 1) await at.ledger.record(id, { type: 'failed', failure: { reason: 'expired' } });
      else await at.deliver('answer', ours);
    });
    await at.collect(press, at.id);
    await settled();
    expect(tries).toBe(2);
    expect(at.filled).toEqual([]);
  });

  it('is refused while another press is being served', async () => {
    const at = await setUp(() => new Promise(() => {}));
    await at.collect(press, at.id);
    await expect(at.collect(press, at.id)).rejects.toThrow(new UserError({ key: 'error.button.collecting' }));
  });

  it("says why it can't be stored", async () => {
    const at = await setUp();
    at.deferring.push(async () => at.ledger.close());
    await at.collect(press, at.id);
    expect(at.filled).toEqual([text('en-US', 'error.stopping')]);
    expect(at.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe('collecting a kept outcome of another process', () => {
  const handOut = async () => Promise.reject(new Error('it is not here'));

  it('is forwarded with its token, and is answered from there', async () => {
    const wishes: RemoteRequest[] = [];
    const at = await setUp(handOut, async (wish) => {
      wishes.push(wish);
      return 'done';
    });
    await at.collect(press, at.id);
    const { applicationId, attachmentSizeLimit: sizeLimit } = press as unknown as Record<string, unknown>;
    expect(wishes).toMatchObject([
      {
        what: 'collect',
        answer: { token: 'the-press', applicationId, sizeLimit, messageId: ours, locale: 'en-US' },
      },
    ]);
    expect(at.filled).toEqual([]);
    expect(at.ledger.get(at.id)?.origin.token).toBe(anOrigin().token);
  });

  it('is answered by a sentence if that process serves another press, or has delivered the outcome', async () => {
    const answers: Outcome[] = ['busy', 'late'];
    const at = await setUp(handOut, async () => answers.shift());
    await at.collect(press, at.id);
    at.deferring.push(() => at.deliver('direct', '1146000000000000700'));
    await at.collect(press, at.id);
    expect(at.filled).toEqual([text('en-US', 'error.button.collecting'), text('en-US', 'tasks.elsewhere')]);
  });

  it('asks to try again if that process is unavailable, and can be repeated', async () => {
    const at = await setUp(handOut, async () => undefined);
    await at.collect(press, at.id);
    await at.collect(press, at.id);
    const away = text('en-US', 'error.away');
    expect(at.filled).toEqual([away, away]);
  });

  it('is left to it if only its reply was lost', async () => {
    const at = await setUp(handOut, async () => {
      await at.ledger.amend(at.id, { token: 'the-press' });
      return undefined;
    });
    await at.collect(press, at.id);
    expect(at.filled).toEqual([]);
  });
});

describe('a press that another process acknowledged', () => {
  it('is answered by the outcome itself, by its token alone', async () => {
    const at = await setUp(() => at.deliver('answer', ours));
    expect(await at.take(at.id, answer)).toBe('done');
    await settled();
    expect(at.filled).toEqual([]);
    expect((await at.ledger.find(at.id))?.origin).toMatchObject({
      messageId: ours,
      private: true,
      sizeLimit: 5,
    });
  });

  it('is stored before it is answered', async () => {
    const at = await setUp(() => new Promise(() => {}));
    expect(await at.take(at.id, answer)).toBe('done');
    expect(at.ledger.get(at.id)?.origin).toMatchObject({ token: 'the-press', tokenExpiresAt: noon + 60_000 });
  });

  it('is answered in its language if the outcome stays kept', async () => {
    const at = await setUp();
    expect(await at.take(at.id, answer)).toBe('done');
    await settled();
    expect(at.filled).toEqual([text('zh-CN', 'tasks.stillKept')]);
  });

  it('is refused while another one is served, and after the outcome was delivered', async () => {
    const at = await setUp(() => new Promise(() => {}));
    await at.collect(press, at.id);
    expect(await at.take(at.id, answer)).toBe('busy');
    const over = await setUp();
    await over.deliver('direct', '1146000000000000700');
    expect(await over.take(over.id, answer)).toBe('late');
  });
});
