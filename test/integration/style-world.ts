import type { Actor, OptionValues } from '@easel/discord-stand-in';
import { afterEach, expect } from 'vitest';
import { answered, createWorld, saidIn, type World, type WorldOptions } from './world.js';

/** The words and the options of a style, as its form has them. */
export const ink = {
  name: 'ink',
  before: 'Ink painting of',
  after: 'on rice paper',
  negative: 'photo',
  options: '',
};

/** A world whose managers and members use styles. */
export async function createStyleWorld(options: WorldOptions = {}) {
  const world: World = await createWorld(options);
  const created = () => world.mps.tasks.map(({ params }) => params as Readonly<Record<string, unknown>>);
  return {
    world,
    actor: (name: string, channel = 'general') => world.discord.actor(name, channel),
    /** What MPS was asked for. */
    created,
    last: () => created().at(-1),
  };
}

/** A style world for each test of a file, opened by the test and closed after it. */
export function useStyles() {
  let styles: Awaited<ReturnType<typeof createStyleWorld>> | undefined;
  const opened = () => {
    if (!styles) throw new Error('No world is open.');
    return styles;
  };
  afterEach(async () => {
    await styles?.world.close();
    styles = undefined;
  });
  return {
    /** @returns who may manage the server. */
    async open(options: WorldOptions = {}) {
      styles = await createStyleWorld(options);
      return styles.actor('ada');
    },
    get world(): World {
      return opened().world;
    },
    get styles() {
      return opened();
    },
    actor: (name: string, channel?: string) => opened().actor(name, channel),
    last: () => opened().last(),
  };
}

/** The answer to a command, visible only to its user. */
export async function told(by: Actor, name: string, options: OptionValues = {}): Promise<string> {
  const message = await (await by.command(name, options)).until((one) => saidIn(one) !== '');
  expect(message.ephemeral).toBe(true);
  return saidIn(message).replaceAll('\\', '');
}

/** Fills in the form that a command opens. */
export async function filled(
  by: Actor,
  name: string,
  options: OptionValues,
  fields: Record<string, string>,
): Promise<string> {
  const opened = await by.command(name, options);
  await opened.acknowledged;
  const answer = await answered(await by.submitModal(opened, fields));
  return saidIn(answer).replaceAll('\\', '');
}
