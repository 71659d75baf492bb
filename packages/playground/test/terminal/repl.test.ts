import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { MessageFlags } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../../test/support/until.js';
import { createArrivals } from '../../src/actions/saved-files.js';
import { createUserActions } from '../../src/actions/user-actions.js';
import { createPaint } from '../../src/terminal/message-rendering.js';
import { createRepl, type Repl } from '../../src/terminal/repl.js';
import { type SmallBot, startSmallBot } from '../support/small-bot.js';

let folder: string;
let discord: DiscordStandIn;
let bot: SmallBot;
let typed: ReturnType<typeof createKeyboard>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'easel-session-'));
  discord = await createDiscordStandIn();
  bot = await startSmallBot(discord);
  typed = createKeyboard();
});
afterEach(async () => {
  typed.type('exit');
  await bot.client.destroy();
  await discord.close();
  await rm(folder, { recursive: true });
});

/** Lines that arrive when the test says so, and the printed output. */
function createKeyboard() {
  const waiting: string[] = [];
  let wake = (): void => {};
  async function* lines() {
    for (;;) {
      const line = waiting.shift();
      if (line === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else yield line;
    }
  }
  const printed: string[] = [];
  return {
    printed,
    terminal: { lines: lines(), print: (...more: string[]) => void printed.push(...more), close: () => {} },
    type(line: string) {
      waiting.push(line);
      wake();
    },
    has: (words: string) =>
      until(`"${words}" is printed`, () => printed.some((line) => line.includes(words))),
  };
}

function begin(user = 'ada'): { session: Repl; over: Promise<void> } {
  const actor = discord.actor(user);
  const arrivals = createArrivals({ folder, fetch: (id, index) => discord.fetchAttachment(id, index) });
  const session = createRepl({
    playground: { actor, arrivals, discord },
    doer: createUserActions(discord, actor),
    paint: createPaint(false),
    place: { user, channel: 'general', out: 'out', speed: 40 },
  });
  return { session, over: session.converse(typed.terminal) };
}

describe('a session', () => {
  it('greets with what can be typed here, and ends with exit', async () => {
    const { over } = begin();
    expect(typed.printed[0]).toBe(
      'Easel is here. You are ada in #general; Discord and MPS are stand-ins, 40 times as fast.',
    );
    expect(typed.printed.join('\n')).toContain('/imagine prompt:a red fox');
    expect(typed.printed.join('\n')).not.toContain('/animate');
    typed.type('exit');
    await over;
  });

  it('shows a card, its changes and the file, which is saved', async () => {
    bot.onInteraction(async (interaction) => {
      await interaction.deferReply();
      await interaction.editReply('> a fox\n-# waiting');
      await interaction.editReply('> a fox\n-# painting');
      await interaction.editReply({
        content: '> a fox',
        files: [{ attachment: Buffer.from('x'), name: 'fox.png' }],
      });
    });
    begin();
    typed.printed.length = 0;
    typed.type('/imagine prompt:a fox');
    await typed.has('fox.png');
    expect(typed.printed).toEqual([
      'Easel',
      '  │ a fox',
      '  waiting',
      '  … a fox · painting',
      'Easel',
      '  │ a fox',
      `  ${join(folder, 'fox.png')} (1 byte)`,
    ]);
    expect(await readdir(folder)).toEqual(['fox.png']);
  });

  it('shows what only this user sees, and not what only others see', async () => {
    bot.onInteraction((interaction) =>
      interaction.reply({ content: `No, ${interaction.user.username}.`, flags: MessageFlags.Ephemeral }),
    );
    begin();
    await discord.actor('ben').type('/imagine prompt:x');
    typed.type('/imagine prompt:y');
    await typed.has('No, ada.');
    expect(typed.printed).toContain('Easel (only you see this)');
    expect(typed.printed.join()).not.toContain('No, ben.');
  });

  it('says when no one responds', async () => {
    begin();
    const asked = new Promise((resolve) => discord.events.once('interactionCreated', resolve));
    typed.type('/imagine prompt:y');
    await asked;
    discord.clock.advance(3_000);
    await typed.has('The application did not respond.');
  });

  it.each([
    ['/nope', 'There is no command nope; there are: imagine.'],
    ['/imagine', '/imagine: prompt is required.'],
    ['imagine prompt:a fox', 'Commands begin with a slash: /imagine prompt:a fox'],
    ['hello', 'Easel looks only at messages that mention it: @Easel'],
    ['help', 'press:Again'],
  ])('answers %j', async (line, words) => {
    begin();
    typed.type(line);
    await typed.has(words);
  });

  it("names commands in the language of the user's client", async () => {
    const { session } = begin('lin');
    expect(await session.complete('/i')).toEqual({
      typed: '/i',
      candidates: [{ text: '/imagine ', hint: '画' }],
    });
    typed.type('help');
    await typed.has('画');
  });
});
