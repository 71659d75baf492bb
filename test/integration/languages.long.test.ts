import type { Actor, Invocation, MessageView } from '@easel/discord-stand-in';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languageName, text } from '../../src/locales/index.js';
import { languages } from '../support/languages.js';
import { saying } from '../support/sentences.js';
import { answered, createWorld, delivered, failed, saidIn, type World } from './world.js';

/** What could break a card: marks for writing from right to left, a word without an end, stacked diacritics. */
const hostilePrompt =
  '\u202eفيل\u202c \u05e9\u05d5\u05e2\u05dc Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft กิ๊กก๊ากผู้ใหญ่ thuở nguyễn cõi ấy';

let world: World;
beforeAll(async () => {
  world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '50' } });
});
afterAll(() => world?.close());

const tags = languages.map(({ tag }) => tag);
const labels = ({ components }: MessageView) =>
  components.flatMap((row) => row.components ?? []).flatMap(({ label }) => label ?? []);
const hasClip = ({ attachments }: MessageView) => attachments[0]?.filename.endsWith('.mp4') === true;

/** Someone whose Discord is in a language. */
function speaker(locale: string, channel = 'general'): Actor {
  const username = `speaks-${locale.toLowerCase()}`;
  const { world: place } = world.discord;
  if (!place.users().some((user) => user.username === username)) {
    place.addUser({ username, locale });
    place.addMember('Foxglove', username);
  }
  return world.discord.actor(username, channel);
}

async function told(invocation: Promise<Invocation>): Promise<string> {
  return saidIn(await answered(await invocation));
}

async function opened(invocation: Promise<Invocation>): Promise<Invocation> {
  const form = await invocation;
  await form.acknowledged;
  return form;
}

describe.each(tags)('a user who reads %s', (tag) => {
  it('orders a picture, and its buttons and forms speak to them', async () => {
    const user = speaker(tag);
    const picture = await delivered(await user.command('imagine', { prompt: hostilePrompt }));
    const again = text(tag, 'button.again');
    expect(labels(picture)).toEqual(expect.arrayContaining([again, text(tag, 'button.edit')]));
    expect(picture.content).toContain('Donaudampfschifffahrt');
    const repeated = await delivered(await user.press(picture.id, again));
    expect(repeated.content).toMatch(saying(tag, 'card.for'));
    const details = await told(user.press(picture.id, text(tag, 'button.details')));
    for (const key of ['details.model', 'details.prompt', 'details.took'] as const)
      expect(details).toMatch(saying(tag, key));
    const form = await opened(user.press(picture.id, text(tag, 'button.animate')));
    expect(form.modal()?.title).toBe(text(tag, 'form.title.animate'));
    const clip = await (await user.submitModal(form, { prompt: 'it runs' })).until(hasClip);
    expect(labels(clip)).toContain(text(tag, 'button.again'));
  });

  it('is told why an order fails, or is refused', async () => {
    const user = speaker(tag);
    world.mps.faults.add({ kind: 'fail', count: 1 });
    const reason = await failed(await user.command('imagine', { prompt: hostilePrompt }));
    expect(reason.content).toMatch(/⚠️/);
    const said = languages.flatMap(({ tag: one, texts }) =>
      Object.keys(texts)
        .filter((key) => key.startsWith('failure.') && saying(one, key).test(reason.content))
        .map(() => one),
    );
    expect(new Set(said)).toEqual(new Set([tag]));
    const refusal = await told(
      user.command('animate', { prompt: 'it runs', model: 'kling-3.0', duration: 99 }),
    );
    expect(refusal).toMatch(saying(tag, 'problem.duration.unsupported'));
    const foreign = await told(user.command('quota set', { scope: 'guild', measure: 'open', amount: 5 }));
    expect(foreign).toBe(text(tag, 'error.manageGuild'));
  });

  it('reads every list and page in it', async () => {
    const user = speaker(tag);
    for (const [command, key] of [
      ['help', 'help.rules.title'],
      ['about', 'about.status'],
      ['models', 'models.image'],
      ['tasks', 'tasks.delivered'],
      ['gallery', 'gallery.title.server'],
      ['privacy show', 'privacy.account'],
      ['quota show', 'standing.of.image.day'],
      ['preferences show', 'preferences.title'],
    ] as const)
      expect(await told(user.command(command)), command).toMatch(saying(tag, key));
  });

  it('meets commands that are described in it', () => {
    const help = world.discord.commands().find(({ name }) => name === 'help');
    const translated = Object.values(help?.description_localizations ?? {});
    if (tag !== 'en-US') expect(translated).toContain(text(tag, 'help.description'));
  });

  it('chooses it, or a server does, over what Discord says', async () => {
    const ben = world.discord.actor('ben', 'general');
    expect(await told(ben.command('preferences language', { language: tag }))).toContain(languageName(tag));
    expect(await told(ben.command('tasks', { whose: 'mine' }))).not.toBe('');
    expect(await told(ben.command('about'))).toMatch(saying(tag, 'about.status'));
    await answered(await ben.command('preferences language', { language: 'follow' }));
    const keeper = world.discord.actor('ada', 'Night Workshop/general');
    await answered(await keeper.command('settings language', { language: tag }));
    const member = world.discord.actor('mia', 'Night Workshop/general');
    const picture = await delivered(await member.command('imagine', { prompt: 'a red fox' }));
    expect(labels(picture)).toContain(text(tag, 'button.again'));
  });
});
