import type { DiscordStandIn } from '@easel/discord-stand-in';
import type { MpsStandIn } from '@easel/mps-stand-in';

interface StandIns {
  readonly discord: Pick<DiscordStandIn, 'token' | 'apiUrl'>;
  readonly mps: Pick<MpsStandIn, 'url' | 'secretId' | 'secretKey'>;
}

/** The variables that lead a bot to stand-ins. */
export function standInEnvironment({ discord, mps }: StandIns) {
  return {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    MPS_ENDPOINT: mps.url,
    TENCENTCLOUD_SECRET_ID: mps.secretId,
    TENCENTCLOUD_SECRET_KEY: mps.secretKey,
  };
}
