import { describe, expect, it } from 'vitest';
import { createMemory } from '../../../../src/media/storage/memory-budget.js';
import { createUploadQueue } from '../../../../src/tasks/delivery/upload-queue.js';
import { giveChance } from '../../../support/until.js';

const megabyte = 1_000_000;

/** How many of eight posts with so many bytes each were in flight at once. */
async function mostAtOnce(bytes: number, { concurrency = 8, memory = 1e9 } = {}): Promise<number> {
  const transfers = createUploadQueue({ concurrency, memory: createMemory(memory) });
  let [open, most] = [0, 0];
  const post = async () => {
    most = Math.max(most, ++open);
    await giveChance(2);
    open--;
  };
  await Promise.all(Array.from({ length: 8 }, () => transfers.run(bytes, post)));
  return most;
}

describe('concurrent posts', () => {
  it('are as many as there are slots', async () => {
    expect(await mostAtOnce(1, { concurrency: 3 })).toBe(3);
  });

  it('are as many as there is memory for, of which large files take no more than they use', async () => {
    expect(await mostAtOnce(20 * megabyte, { memory: 40 * megabyte })).toBe(2);
    expect(await mostAtOnce(400 * megabyte, { memory: 72 * megabyte })).toBe(2);
  });

  it('are unlimited if they hold no files', async () => {
    expect(await mostAtOnce(0, { concurrency: 1, memory: 1 })).toBe(8);
  });

  it('release their slot when they fail', async () => {
    const transfers = createUploadQueue({ concurrency: 1, memory: createMemory(1) });
    await expect(transfers.run(9, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await transfers.run(9, async () => 'posted')).toBe('posted');
  });
});
