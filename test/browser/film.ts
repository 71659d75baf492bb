import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';

const run = promisify(execFile);

/** Films a page while something happens on it. */
export interface Film {
  /** Ends the recording and writes a looping GIF. Needs ffmpeg on PATH. */
  save(
    file: string,
    options: { readonly width: number; readonly fps: number; readonly colours: number },
  ): Promise<void>;
}

/** Starts to take frames, one after the other as fast as the browser gives them. */
export async function startFilm(page: Page): Promise<Film> {
  const folder = await mkdtemp(join(tmpdir(), 'easel-film-'));
  const frames: { readonly name: string; readonly at: number }[] = [];
  let rolling = true;
  const recording = (async () => {
    while (rolling) {
      const shot = await page.screenshot({ type: 'jpeg', quality: 95, caret: 'initial' });
      const name = `${String(frames.length).padStart(5, '0')}.jpg`;
      await writeFile(join(folder, name), shot);
      frames.push({ name, at: Date.now() });
    }
  })();

  return {
    async save(file, { width, fps, colours }) {
      rolling = false;
      await recording;
      const list = frames.map(({ name, at }, index) => {
        const next = frames[index + 1]?.at ?? at + 2_500;
        return `file '${name}'\nduration ${((next - at) / 1000).toFixed(3)}`;
      });
      await writeFile(join(folder, 'frames.txt'), list.join('\n'));
      const filter =
        `fps=${fps},scale=${width}:-1:flags=lanczos,split[a][b];` +
        `[a]palettegen=max_colors=${colours}:stats_mode=diff[p];[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle`;
      const input = ['-f', 'concat', '-safe', '0', '-i', join(folder, 'frames.txt')];
      await run('ffmpeg', [
        '-y',
        '-loglevel',
        'error',
        ...input,
        '-filter_complex',
        filter,
        '-loop',
        '0',
        file,
      ]);
      await rm(folder, { recursive: true });
    },
  };
}
