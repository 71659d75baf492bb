import { runStandIn } from '@easel/stand-in-kit/command-line';
import { instructions, readFlags, usage } from './command-line.js';
import { createDiscordStandIn } from './index.js';

await runStandIn({
  moduleUrl: import.meta.url,
  usage,
  readFlags,
  async start(flags, env) {
    const token = env.DISCORD_TOKEN;
    const standIn = await createDiscordStandIn({ ...flags, ...(token && { token }) });
    return { instructions: instructions(standIn, env), close: () => standIn.close() };
  },
});
