import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/config/dotenv.js';

describe('the .env file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'easel-config-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('completes the environment, which takes precedence', async () => {
    await writeFile(
      join(directory, '.env'),
      '\uFEFFLOG_LEVEL=warn\r\nVIDEO_DURATION="8"\r\nMAX_IMAGE_TASKS=7 # seven\r\n',
    );
    const env = readEnvironment(directory, { LOG_LEVEL: 'error' });
    expect(env).toEqual({ LOG_LEVEL: 'error', VIDEO_DURATION: '8', MAX_IMAGE_TASKS: '7' });
  });

  it('is read as PowerShell writes it, too', async () => {
    await writeFile(join(directory, '.env'), '\uFEFFLOG_LEVEL=warn\r\n', 'utf16le');
    expect(readEnvironment(directory, {})).toEqual({ LOG_LEVEL: 'warn' });
  });

  it('can be missing', () => {
    expect(readEnvironment(directory, { A: 'b' })).toEqual({ A: 'b' });
  });

  it("that can't be read is reported like any other problem", async () => {
    await mkdir(join(directory, '.env'));
    expect(() => readEnvironment(directory, {})).toThrow(/1 setting needs.*\.env\n.*EISDIR/s);
  });
});
