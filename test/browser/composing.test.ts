import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { browserPath, message, openStage, paste, type Stage } from './kit.js';

/** Lines as the README and the terminal's help have them, pasted and sent with one key. */
describe.skipIf(!browserPath)('in a browser', () => {
  let stage: Stage;
  let page: Page;

  beforeAll(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    page = await stage.visit('ada');
    return () => page.context().close();
  });
  afterAll(() => stage?.close());

  async function orderedWith(prompt: string): Promise<Record<string, unknown> | undefined> {
    const tasks = z
      .array(z.looseObject({ params: z.record(z.string(), z.unknown()) }))
      .parse(await (await fetch(`${stage.origin}/_page/mps/tasks`)).json());
    return tasks.find(({ params }) => params.Prompt === prompt)?.params;
  }

  it.each(['/imagine a red fox in the snow', '/imagine prompt:a red fox in the snow\n'])(
    'the pasted line %j is a picture',
    async (line) => {
      await paste(page, line);
      await page.keyboard.press('Enter');
      await message(page, 'a red fox in the snow').locator('.picture img').waitFor();
    },
  );

  it.each(['/quota show', '/quota show\n', '/tasks'])('the pasted line %j is answered', async (line) => {
    await paste(page, line);
    await page.keyboard.press('Enter');
    await message(page, `used ${line.trim().split(' ')[0]}`)
      .getByText('Only you can see this')
      .waitFor();
  });

  it('options can come in any order, and "last" is the last picture', async () => {
    await paste(page, '/animate duration:10 model:Kling 3.0 image:last prompt:it runs over the hill');
    await page.locator('.option').filter({ hasText: /\.png/ }).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'it runs over the hill').locator('video').waitFor();
    expect(await orderedWith('it runs over the hill')).toMatchObject({
      ModelName: 'Kling',
      Duration: 10,
      ImageUrl: expect.any(String),
    });
  });

  it('a pasted mention is recognised', async () => {
    await paste(page, '@Easel a fox runs along the shore');
    await page.keyboard.press('Enter');
    await page
      .locator('article.message:has(.picture)')
      .filter({ hasText: 'a fox runs along the shore' })
      .waitFor();
  });

  it('the page reported no error and asked for nothing forbidden', () =>
    expect(stage.complaints).toEqual([]));
});
