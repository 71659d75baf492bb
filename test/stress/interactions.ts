import type { Actor, DiscordStandIn } from '@easel/discord-stand-in';
import PQueue from 'p-queue';
import { createRandom } from '../support/hostile.js';
import { isRefusedByClient } from './refused.js';

const parts = [
  ...['fox', '‮', '​', '@everyone', '<@&1>', '<#1>', '```', '||', '--model', '--', '—', '"', "'", '\\'],
  ...['\u0000', '\uD800', '𝕏', '字', '🦊', '%s', '{{x}}', '__proto__', 'constructor', '../../etc', ' ', '\n'],
  ...[
    '-1',
    '1e309',
    'NaN',
    '0x10',
    '٣',
    'https://169.254.169.254/',
    'DROP TABLE',
    '<script>',
    'a'.repeat(80),
  ],
];
const commands = [
  ['imagine', 'model'],
  ['imagine', 'aspect_ratio'],
  ['imagine', 'size'],
  ['animate', 'model'],
  ['animate', 'resolution'],
] as const;
const people = ['ben', 'mia', 'lin'] as const;
const atOnce = 8;

/**
 * Sends that many interactions that a client could send and no one would: autocompletes and commands of strange words.
 * @returns a complaint for each that was not answered.
 */
export async function sendInteractions(
  discord: DiscordStandIn,
  count: number,
  seed: number,
): Promise<string[]> {
  const random = createRandom(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const words = () =>
    Array.from({ length: 1 + Math.floor(random() * 6) }, () => oneOf(parts)).join(oneOf(['', ' ']));
  const complaints: string[] = [];
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(
    Array.from({ length: count }, (_, at) => {
      const [command, option] = oneOf(commands);
      const actor = discord.actor(oneOf(people), 'general');
      const [value, prompt] = [words(), words()];
      const isCommand = at % 4 === 0;
      return async () => {
        const answered = isCommand
          ? await order(actor, command, { prompt, [option]: value })
          : await complete(actor, command, option, value);
        if (!answered) complaints.push(`no answer to ${command} ${option}: ${JSON.stringify(value)}`);
      };
    }),
  );
  return complaints;
}

async function complete(actor: Actor, name: string, option: string, value: string): Promise<boolean> {
  try {
    await actor.autocomplete(name, { [option]: value }, option);
    return true;
  } catch (error) {
    return isRefusedByClient(error);
  }
}

async function order(actor: Actor, name: string, options: Record<string, string>): Promise<boolean> {
  try {
    const asked = await actor.command(name, options);
    await asked.until(({ content }) => content !== '');
    return true;
  } catch (error) {
    return isRefusedByClient(error);
  }
}
