import type { REST } from 'discord.js';
import { expect, it } from 'vitest';
import { createCommandMentions } from '../../../../src/discord/rest/command-mentions.js';
import { silentLog } from '../../../../src/log.js';

const never = () => new Promise<never>(() => {});
const rest = { get: never } as unknown as REST;
const create = (patienceMs?: number) =>
  createCommandMentions({
    rest,
    log: silentLog,
    now: () => 0,
    ...(patienceMs !== undefined && { patienceMs }),
  });

it('a message that stays waits until its commands can be clicked', async () => {
  const mentions = create();
  const said = mentions.known().then(() => mentions.of('help'));
  mentions.learn([{ id: '5', name: 'help', type: 1 }]);
  expect(await said).toBe('</help:5>');
  await mentions.known();
});

it('a message names them as words if Discord gives no ids', async () => {
  const mentions = create(0);
  await mentions.known();
  expect(mentions.of('quota show')).toBe('/quota show');
});
