import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PermissionsBitField } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerableInteraction } from '../../../../src/discord/access/request-origin.js';
import { createRests } from '../../../../src/discord/rest/clients.js';
import { createOriginalFiles } from '../../../../src/discord/services/original-files.js';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import type { Original } from '../../../../src/tasks/delivery/original-lookup.js';
import { createUploadQueue, type UploadQueue } from '../../../../src/tasks/delivery/upload-queue.js';
import { createCollectingLog } from '../../../support/log.js';
import { type RestServer, startRestServer } from '../../../support/rest-server.js';
import { aTask, noon, states } from '../../../support/tasks.js';
import { giveChance, until } from '../../../support/until.js';

const task = aTask({
  state: states.delivered,
  results: { urls: ['https://results.example.com/fox.png'], linksExpireAt: noon, files: [] },
});
const interaction = {
  id: '1146000000000000023',
  applicationId: '1',
  guildId: '2',
  channelId: '3',
  user: { id: '4' },
  token: 'the-token',
  locale: 'en-US',
  authorizingIntegrationOwners: { 0: '2' },
  appPermissions: new PermissionsBitField(),
  attachmentSizeLimit: 10_485_760,
  isMessageComponent: () => false,
  isModalSubmit: () => false,
} as unknown as AnswerableInteraction;
const answer = 'PATCH /webhooks/1/the-token/messages/%40original';

let discord: RestServer;
let folder: string;
beforeEach(async () => {
  discord = await startRestServer();
  discord.answers.set(answer, [200, { id: '5', channel_id: '3' }]);
  folder = await mkdtemp(join(tmpdir(), 'easel-test-'));
});
afterEach(async () => {
  await discord[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function show(transfers: UploadQueue, found: Original): Promise<void> {
  const originals = createOriginalFiles({
    sources: { find: async () => [found], release: async () => {} },
    extending: { original: async () => ({ missing: 'gone' }) },
    responder: { defer: async () => undefined },
    transfers,
    rests: createRests(discord.apiUrl, 'bot-token'),
    log: createCollectingLog(),
    now: () => noon,
  });
  await originals.show(interaction, task, 'en-US');
}

/** Takes the gate's only place until `open` is called. */
function occupy(gate: UploadQueue) {
  let open = () => {};
  const held = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, over: gate.run(1, () => held) };
}

describe('an original that is posted', () => {
  it('waits in the upload queue, and is counted there', async () => {
    const path = join(folder, 'fox.png');
    await writeFile(path, Buffer.alloc(1_000));
    const gate = createUploadQueue({ concurrency: 1, memory: createMemory(1e6) });
    const counted: number[] = [];
    const other = occupy(gate);
    const shown = show(
      {
        run(bytes, post) {
          counted.push(bytes);
          return gate.run(bytes, post);
        },
      },
      { file: { path, type: 'image/png', bytes: 1_000, sha256: 'ab' } },
    );
    await until('it has come to the gate', () => counted.length === 1);
    expect(counted).toEqual([1_000]);
    await giveChance(50);
    expect(discord.asked).toEqual([]);
    other.open();
    await Promise.all([other.over, shown]);
    expect(discord.asked).toEqual([answer]);
  });
});

describe('an original that is not posted', () => {
  it('does not wait for other uploads', async () => {
    const gate = createUploadQueue({ concurrency: 1, memory: createMemory(1e6) });
    const other = occupy(gate);
    await show(gate, { unusable: true });
    expect(discord.bodies).toMatchObject([{ content: expect.stringMatching(/^1: I can't provide/) }]);
    other.open();
    await other.over;
  });
});
