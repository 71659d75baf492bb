import { afterEach, describe, expect, it } from 'vitest';
import type { Invocation, MessageView } from '../../src/playground/discord/index.js';
import { until } from '../support/until.js';
import { createWorld, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const kinds = ({ attachments }: MessageView) => attachments.map(({ filename }) => filename.slice(-3));
const hasBoth = (message: MessageView) => kinds(message).join() === 'png,mp4';
const labels = ({ components }: MessageView) =>
  components.flatMap((row) => row.components ?? []).map(({ label }) => label);
const chained = { prompt: 'a red fox', then_animate: 'the camera circles' };
const creates = () => world.mps.tasks.map(({ action, params }) => [action, params.Prompt]);

async function order(options: Record<string, string | boolean> = chained): Promise<Invocation> {
  return world.discord.actor('ben', 'general').command('imagine', options);
}

describe('a picture that is to move', () => {
  it('comes first, and then the clip joins it in the same answer', async () => {
    world = await createWorld();
    const invocation = await order();
    const picture = await invocation.until((message) => kinds(message).join() === 'png');
    expect(picture.content).toContain('the camera circles');
    expect(labels(picture)).not.toContain('Delete');
    const both = await invocation.until((message) => hasBoth(message));
    expect(both.id).toBe(picture.id);
    expect(labels(both)).toEqual([
      'Again',
      'Edit',
      'Animate',
      'Remix',
      'Details',
      'Clip again',
      'Edit clip',
      'Delete',
    ]);
    const [first, second] = world.mps.tasks;
    expect(creates()).toEqual([
      ['CreateAigcImageTask', 'a red fox'],
      ['CreateAigcVideoTask', 'the camera circles'],
    ]);
    expect(second?.params).toMatchObject({ ImageUrl: expect.stringContaining(String(first?.id)) });
    await until('both are over', () => world.discord.messages('general').length === 1);
  });
});
