import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, command, composer, message, openStage, paste, type Stage } from './kit.js';

/** Other users' views and permissions, and errors. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  /** Switches to another user. */
  async function become(page: Page, name: RegExp): Promise<void> {
    await page.getByRole('button', { name: /^(You are|当前身份)/ }).click();
    await page.getByRole('menuitemradio', { name }).click();
    await page
      .getByRole('button', { name: /^(You are|当前身份)/ })
      .filter({ hasText: name })
      .waitFor();
  }

  it('a limit set by an administrator stops a member, who is shown what is left', async () => {
    const page = await stage.visit('ada');
    await composer(page).pressSequentially('/quota set ');
    await page.keyboard.type('each');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('pictures per day');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /optional/ }).click();
    await page.getByRole('option', { name: /^amount/ }).click();
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await message(page, /Each member/).waitFor();
    await become(page, /Ben/);
    await command(page, '/imagine the one that fits');
    await message(page, 'the one that fits').locator('.picture img').waitFor();
    await command(page, '/imagine one too many');
    await message(page, /reached your daily picture limit/).waitFor();
    // Only he is shown it.
    await become(page, /Mia/);
    expect(await page.getByText(/daily picture limit/).count()).toBe(0);
    await page.context().close();
  });

  it('a result that is starred appears in the showcase without a reload', async () => {
    const page = await stage.visit('ada');
    await page.getByRole('button', { name: 'Lantern House' }).click();
    await page.getByRole('button', { name: 'lounge' }).click();
    await paste(page, '/settings showcase channel:showcase stars:1');
    await page.keyboard.press('Enter');
    await message(page, /from 1 star on/).waitFor();
    await command(page, '/imagine a starry fox');
    await message(page, 'a starry fox').locator('.picture img').waitFor();
    await become(page, /Mia/);
    await message(page, 'a starry fox').getByRole('button', { name: /⭐/ }).click();
    await page.locator('.channels-list').getByRole('button', { name: 'a starry fox' }).click();
    await message(page, 'a starry fox').locator('.picture img').waitFor();
    await page.context().close();
  });

  it('a user whose Discord is in Chinese gets everything in Chinese', async () => {
    const page = await stage.visit('ada');
    await page.getByRole('button', { name: 'Night Workshop' }).click();
    await become(page, /林/);
    await composer(page).pressSequentially('/');
    await page.getByRole('option', { name: /\/画图.*用文字画一张图/ }).waitFor();
    await composer(page).fill('');
    await command(page, '/imagine 雪中的红狐');
    const card = message(page, '雪中的红狐');
    await card.locator('.picture img').waitFor();
    await card.getByRole('button', { name: '动起来' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.context().close();
  });

  it('the bot is killed in the middle of a task, started again, and still answers', async () => {
    const page = await stage.visit('mia');
    await page.getByRole('button', { name: 'Night Workshop' }).click();
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
    await panel.getByText('Simulated faults').click();
    await panel.getByText('10×', { exact: true }).click();
    await command(page, '/imagine a lighthouse that holds');
    const card = message(page, 'a lighthouse that holds');
    await card.getByText(/painting/).waitFor();
    await panel.getByRole('button', { name: 'Kill', exact: true }).click();
    await page.getByText('Easel is down').waitFor();
    await panel.getByText('Ended by SIGKILL').waitFor();
    await command(page, '/tasks');
    await page.keyboard.press('Enter');
    await page.getByText('The application did not respond').waitFor();
    await panel.getByRole('button', { name: 'Start' }).click();
    await panel.getByText('Running', { exact: true }).waitFor();
    await panel.getByText('400×', { exact: true }).click();
    await card.locator('.picture img').waitFor();
    await panel.locator('.task').getByText('delivered').first().waitFor();
    await page.context().close();
  });

  it('with faults switched on, users read what is wrong, and what can still arrive does', async () => {
    const page = await stage.visit('ada');
    await page.getByRole('button', { name: 'studio', exact: true }).click();
    await page.getByRole('button', { name: 'Behind the scenes' }).click();
    const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
    await panel.getByText('Simulated faults').click();
    const set = async (name: string, on: boolean): Promise<void> => {
      await panel.getByRole('switch', { name }).setChecked(on);
      await panel.getByText(on ? '1 switched on' : 'all off').waitFor();
    };
    await set('Refuses every order', true);
    await command(page, '/imagine what nobody takes');
    await message(page, /order failed/).waitFor();
    await message(page, /The image service doesn't accept/).waitFor();
    await set('Refuses every order', false);
    await set('Tokens expire early', true);
    await command(page, '/imagine by another way');
    await message(page, 'by another way').locator('.picture img').waitFor();
    await set('Tokens expire early', false);
    await page.context().close();
  });

  it("a channel where the bot can't attach files is refused, a direct message works", async () => {
    const page = await stage.visit('lin');
    await page.getByRole('button', { name: 'Night Workshop' }).click();
    await page.getByRole('button', { name: 'no-files', exact: true }).click();
    await page.getByRole('heading', { name: 'no-files', exact: true }).waitFor();
    await command(page, '/imagine 一只猫');
    await message(page, /发送文件|附件|附加/).waitFor();
    await page.getByRole('button', { name: '私信' }).click();
    await page.getByRole('heading', { name: 'Easel', level: 2 }).first().waitFor();
    await command(page, '/imagine 一艘船');
    await message(page, '一艘船').locator('.picture img').waitFor();
    await page.context().close();
  });

  it('activity elsewhere is marked, and edits and deletions show in place', async () => {
    const [ada, ben] = [await stage.visit('ada'), await stage.visit('ben')];
    await ben.getByRole('button', { name: 'studio', exact: true }).click();
    await ada.getByRole('button', { name: 'general', exact: true }).click();
    await composer(ada).pressSequentially('look at this @ben');
    await ada.keyboard.press('Enter');
    await ada.keyboard.press('Enter');
    await ben.getByRole('button', { name: /^general\s*1$/ }).click();
    await ben.locator('.message-mentions').filter({ hasText: 'look at this' }).waitFor();
    await message(ada, 'look at this').click({ button: 'right' });
    await ada.getByRole('menuitem', { name: 'Edit Message' }).click();
    await ada.getByRole('textbox', { name: 'Edit Message' }).fill('look at that');
    await ada.keyboard.press('Enter');
    await message(ben, /look at that\s*\(edited\)/).waitFor();
    await message(ada, 'look at that').click({ button: 'right' });
    await ada.getByRole('menuitem', { name: 'Delete Message' }).click();
    await message(ben, 'look at that').waitFor({ state: 'detached' });
    await Promise.all([ada.context().close(), ben.context().close()]);
  });

  it('a message that comes while its channel is being read stays', async () => {
    const [ada, ben] = [await stage.visit('ada'), await stage.visit('ben')];
    const channels = /\/_page\/channels\/\d+\?/;
    await ben.getByRole('button', { name: 'general', exact: true }).click();
    await ada.getByRole('button', { name: 'studio', exact: true }).click();
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const read = new Promise<void>((resolve) => {
      void ada.route(
        channels,
        async (route) => {
          const response = await route.fetch();
          resolve();
          await held;
          await route.fulfill({ response });
        },
        { times: 1 },
      );
    });
    await ada.getByRole('button', { name: 'general', exact: true }).click();
    await read;
    await composer(ben).fill('it came meanwhile');
    await ben.keyboard.press('Enter');
    await message(ada, 'it came meanwhile').waitFor();
    const readAgain = ada.waitForResponse(channels);
    release();
    await readAgain;
    await ada.waitForLoadState('networkidle');
    expect(await message(ada, 'it came meanwhile').count()).toBe(1);
    await Promise.all([ada.context().close(), ben.context().close()]);
  });

  it('links to pictures, stickers and forwarded messages are shown, and can be animated', async () => {
    const page = await stage.visit('mia');
    await page.getByRole('button', { name: 'studio', exact: true }).click();
    await page.getByRole('button', { name: 'Stickers' }).click();
    await page.getByRole('menuitem', { name: 'Fox' }).click();
    const sticker = page.locator('article.message').filter({ has: page.locator('.sticker') });
    await sticker.last().getByRole('img', { name: 'Fox' }).waitFor();
    await command(page, '/imagine a harbour to hand on');
    const picture = message(page, 'a harbour to hand on').locator('.picture img');
    await picture.waitFor();
    await composer(page).fill(`look: ${await picture.evaluate((image) => image.getAttribute('src'))}`);
    await page.keyboard.press('Enter');
    await message(page, 'look:').locator('.embed-picture img').waitFor();
    await message(page, 'a harbour to hand on').click({ button: 'right', position: { x: 5, y: 5 } });
    await page.getByRole('menuitem', { name: 'Forward Here' }).click();
    const forwarded = message(page, 'Forwarded');
    await forwarded.locator('.forwarded').getByText('a harbour to hand on').waitFor();
    await forwarded.locator('.picture img').waitFor();
    const clip = (words: string) =>
      page.locator('article.message:has(video)').filter({ hasText: words }).locator('video');
    await sticker.last().hover();
    await sticker.last().getByRole('button', { name: 'Reply', exact: true }).click();
    await composer(page).fill('@Easel it winks ');
    await page.keyboard.press('Enter');
    await clip('it winks').waitFor();
    // Words and files of others are kept from the bot: for those a message's menu works.
    for (const [target, words] of [
      [message(page, 'look:'), 'gulls circle'],
      [forwarded, 'rain begins'],
    ] as const) {
      await target.click({ button: 'right', position: { x: 5, y: 5 } });
      await page.getByRole('menuitem', { name: 'Animate' }).click();
      const form = page.getByRole('dialog', { name: 'Animate' });
      await form.getByLabel('Prompt').fill(words);
      await form.getByRole('button', { name: 'Submit' }).click();
      await clip(words).waitFor();
    }
    await page.context().close();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
