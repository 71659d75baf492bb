import type { DiscordStandIn, MessageView } from '@easel/discord-stand-in';
import PQueue from 'p-queue';
import sharp from 'sharp';
import { type HostileImage, hostileImages } from '../support/hostile.js';
import { isRefusedByClient } from './refused.js';

/** Small files of large pictures: their memory use shows only when they are decoded. */
async function flat(): Promise<HostileImage[]> {
  const side = 7_070;
  const canvas = () => sharp({ create: { width: side, height: side, channels: 3, background: '#c63' } });
  return [
    { what: 'a flat avif', bytes: await canvas().avif({ effort: 0 }).toBuffer(), end: 'either' },
    { what: 'a flat gif', bytes: await canvas().gif({ effort: 1 }).toBuffer(), end: 'either' },
    {
      what: 'a flat webp',
      bytes: await canvas().webp({ lossless: true, effort: 0 }).toBuffer(),
      end: 'either',
    },
    { what: 'a flat png', bytes: await canvas().png().toBuffer(), end: 'either' },
  ];
}

/** How many are submitted at the same time, so that one's memory use affects the others. */
const atOnce = 6;
const patienceMs = 120_000;
const wanted = 300;

/**
 * Hands in three hundred hostile pictures, by command and by mention in turns.
 * @returns a complaint for each that got no outcome.
 */
export async function handInMedia(discord: DiscordStandIn, seed: number): Promise<string[]> {
  const small = await flat();
  const others = await hostileImages(seed);
  // The worst are sent several times, and concurrently.
  const files = [...Array.from({ length: 6 }, () => small).flat(), ...others];
  const chosen = Array.from({ length: Math.max(wanted, files.length) }, (_, at) => files[at % files.length]);
  const complaints: string[] = [];
  const queue = new PQueue({ concurrency: atOnce });
  await queue.addAll(
    chosen.flatMap((file, at) =>
      file === undefined
        ? []
        : [
            async () => {
              const ended = await (at % 3 === 0 ? mention : command)(discord, file).then(
                () => true,
                isRefusedByClient,
              );
              if (!ended) complaints.push(`no outcome for ${file.what} (number ${at})`);
            },
          ],
    ),
  );
  return complaints;
}

async function command(discord: DiscordStandIn, { bytes }: HostileImage): Promise<MessageView> {
  const image = { filename: 'fox.png', bytes: bytes.length > 0 ? bytes : Buffer.from(' ') };
  const asked = await discord.actor('ben', 'general').command('animate', { prompt: 'it runs', image });
  return asked.until((message) => isOutcome(message), { timeoutMs: patienceMs });
}

async function mention(discord: DiscordStandIn, { bytes }: HostileImage): Promise<MessageView> {
  const files = [{ filename: 'fox.png', bytes: bytes.length > 0 ? bytes : Buffer.from(' ') }];
  const asked = await discord.actor('mia', 'general').send('@Easel make it run', { files });
  return discord.until(({ replyTo, ...message }) => replyTo === asked.id && isOutcome(message), {
    timeoutMs: patienceMs,
  });
}

/** A result, a failure, or an ephemeral answer that explains why there is none. */
function isOutcome({ content, components, ephemeral }: Omit<MessageView, 'replyTo'>): boolean {
  return content.includes('⚠️') || ephemeral || JSON.stringify(components).includes('v1:again:');
}
