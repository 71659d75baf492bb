import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Guest } from './stroll.js';

/** Where pictures go, one for each step; without it there are none. */
export const shotsFolder = process.env.EVENING_SHOTS;

const sizes = [
  { width: 1100, height: 844, colorScheme: { 'en-US': 'dark', 'zh-CN': 'light' } },
  { width: 390, height: 844, colorScheme: { 'en-US': 'light', 'zh-CN': 'dark' } },
] as const;

/** A desktop and a phone side by side, in a theme each; which one has which differs by language. */
export async function shoot({ page, locale }: Guest, name: string): Promise<void> {
  if (!shotsFolder) return;
  mkdirSync(shotsFolder, { recursive: true });
  const before = page.viewportSize();
  const shots: Buffer[] = [];
  for (const { width, height, colorScheme } of sizes) {
    await page.setViewportSize({ width, height });
    await page.evaluate(
      (theme) => document.documentElement.setAttribute('data-theme', theme),
      locale === 'zh-CN' ? colorScheme['zh-CN'] : colorScheme['en-US'],
    );
    await page.waitForTimeout(250);
    shots.push(await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' }));
  }
  if (before) await page.setViewportSize(before);
  const [desktop, phone] = shots;
  await sharp({ create: { width: 1500, height: 844, channels: 3, background: '#888' } })
    .composite([
      { input: desktop ?? Buffer.of(), left: 0, top: 0 },
      { input: phone ?? Buffer.of(), left: 1110, top: 0 },
    ])
    .png()
    .toFile(join(shotsFolder, `${name.replaceAll(/[^\w-]+/g, '-')}.png`));
}
