import type { Actor } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { version } from '../../src/util/http.js';
import { answered, createWorld, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const actor = (name: string, channel = 'general') => world.discord.actor(name, channel);

async function told(user: Actor, command: string): Promise<string> {
  const message = await (await user.command(command)).until((one) => saidIn(one) !== '');
  expect(message.ephemeral).toBe(true);
  return saidIn(message);
}

/** The mention of a command, with the id that Discord gave it. */
function mentionOf(name: string): string {
  const [command = ''] = name.split(' ');
  const { id } = world.discord.commands().find((one) => one.name === command) ?? {};
  return `</${name}:${id}>`;
}

describe('/help', () => {
  it('names what one can do, the rules here and what is left, with clickable commands', async () => {
    world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '10' } });
    const english = await told(actor('ben'), 'help');
    for (const name of ['imagine', 'animate', 'models', 'tasks', 'gallery', 'privacy', 'about'])
      expect(english).toContain(mentionOf(name));
    expect(english).toContain('Pictures today: 0 of 10');
    expect(english).toContain('**Channels**: every channel');
    expect(english).toContain('Apps › Animate, Apps › Remix');
    expect(english).toContain('no option repeats a result');
    expect(english).toContain('add `--image` for');
    expect(english).not.toContain('/settings');
    const chinese = await told(actor('lin'), 'help');
    expect(chinese).toContain('你想做什么？');
    expect(chinese).toContain('`--model` Kling 3.0 `--ar` 16:9');
    expect(chinese).toContain('今日图片（张）：0/10');
    const forAdmins = await told(actor('ada'), 'help');
    for (const command of ['settings', 'moderate']) expect(forAdmins).toContain(mentionOf(command));
    expect(english).not.toContain(text('en-US', 'help.wish.moderate'));
  });

  it('does not offer a kind that is switched off, nor a gallery in direct messages', async () => {
    world = await createWorld({ env: { IMAGE_ENABLED: 'false' } });
    const clips = await told(actor('ben').dm, 'help');
    for (const absent of ['imagine', 'Remix', '--image', 'gallery']) expect(clips).not.toContain(absent);
    expect(clips).toContain(mentionOf('animate'));
    expect(clips).toContain(text('en-US', 'help.rules.direct'));
    await world.stop();
    await world.start({ IMAGE_ENABLED: 'true', VIDEO_ENABLED: 'false' });
    const images = await told(actor('ben'), 'help');
    for (const absent of ['animate', 'Animate', 'then_animate', 'Clips'])
      expect(images).not.toContain(absent);
    expect(images).toContain(mentionOf('imagine'));
  });

  it('says what a server has set, and why nothing can be ordered in this channel', async () => {
    world = await createWorld();
    const studio = actor('ada', 'studio');
    const changes = { action: 'add', channel: 'studio' };
    await answered(await studio.command('settings channels', changes));
    await answered(await studio.command('settings private', { on: true }));
    expect(await told(actor('ben', 'studio'), 'help')).not.toContain('⚠️');
    const elsewhere = await told(actor('ben'), 'help');
    expect(elsewhere).toContain(`**Channels**: <#${studio.channelId}>`);
    expect(elsewhere).toContain('only visible to the member who asks');
    expect(elsewhere).toMatch(/⚠️ .*<#/);
  });

  it('also answers where Easel takes no orders, and says that', async () => {
    world = await createWorld({ env: { ALLOWED_GUILD_IDS: '123456789012345678' } });
    expect(await told(actor('ben'), 'help')).toContain(text('en-US', 'error.access.guild'));
    expect(await told(actor('lin'), 'about')).toContain(text('zh-CN', 'about.status.well'));
  });
});

describe('/about', () => {
  it('names the version, and links the pages that are set', async () => {
    const pages = {
      ABOUT_URL: 'https://example.com/easel',
      PRIVACY_URL: 'https://example.com/privacy',
      SUPPORT_URL: 'https://discord.gg/example',
    };
    world = await createWorld({ env: pages });
    const message = await (await actor('ben').command('about')).until((one) => saidIn(one) !== '');
    expect(saidIn(message)).toContain(`Easel ${version}`);
    expect(saidIn(message)).toContain(text('en-US', 'about.contact.support'));
    const drawn = JSON.stringify(message.components);
    for (const url of Object.values(pages)) expect(drawn).toContain(url);
    expect(drawn).not.toContain(text('en-US', 'button.page.terms'));
    await world.stop();
    await world.start({ SUPPORT_URL: '', OPERATOR_USER_IDS: actor('ada').userId });
    expect(await told(actor('lin'), 'about')).toContain(`运营者：<@${actor('ada').userId}>`);
  });

  it('says that the image service is busy, and how many orders wait', async () => {
    world = await createWorld({ env: { MAX_IMAGE_TASKS: '1' }, mps: { durations: { image: [60, 60] } } });
    const ben = actor('ben');
    const first = await ben.command('imagine', { prompt: 'a fox' });
    await first.until(({ content }) => content.includes('painting'));
    await ben.command('imagine', { prompt: 'an owl' });
    await expect.poll(() => told(actor('mia'), 'about')).toContain('1 order is waiting');
    expect(await told(actor('lin'), 'about')).toContain('有 1 个任务在排队');
  });

  it('says that every order is refused if the account is in arrears', async () => {
    world = await createWorld();
    expect(await told(actor('ben'), 'about')).toContain(text('en-US', 'about.status.well'));
    world.mps.faults.add({ kind: 'error', code: 'OperationDenied', action: 'CreateAigcImageTask', count: 1 });
    await answered(await actor('ben').command('imagine', { prompt: 'a fox' }));
    await expect.poll(() => told(actor('mia'), 'about')).toContain('refuses orders at the moment');
    await (await actor('ben').command('imagine', { prompt: 'an owl' })).until(
      (one) => one.attachments.length > 0,
    );
    expect(await told(actor('mia'), 'about')).toContain(text('en-US', 'about.status.well'));
  });
});
