import {
  address,
  choice,
  flag,
  flagOrAuto,
  integer,
  list,
  named,
  optionalSecret,
  page,
  secret,
  text,
} from './variable-types.js';

export const sourceHosts = ['auto', 'discord', 'cos'] as const;

const keys = 'Tencent Cloud console › Access Management › API keys (console.tencentcloud.com/cam/capi)';
const buckets = 'Tencent Cloud console › Cloud Object Storage › Bucket list';
const developerMode = 'Discord › Settings › Advanced › Developer Mode, then right-click';
const regionForm = /^[a-z]{2,}(-[a-z0-9]+)+$/;
const idsForm = /^\d{17,20}(\s*,\s*\d{17,20})*$/;
const hostOnly = ({ pathname }: URL) => (pathname === '/' ? undefined : 'with a path: the host is enough');

/** Why a text is no bot token: its form is `id.time.signature` (Discord docs: "Authentication"). */
function notAToken(text: string): string | undefined {
  if (/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined;
  if (/^\d{17,20}$/.test(text)) return "which looks like the application's id";
  if (/^[0-9a-f]{64}$/.test(text)) return "which looks like the application's public key";
  return "which isn't a bot token: that has three parts with a dot between them";
}

/** The keys without which nothing works. */
export const requiredVariables = named({
  DISCORD_TOKEN: secret({
    hint: notAToken,
    allowed: "the bot's token, as Discord shows it once",
    where:
      'Discord Developer Portal › your application › Bot › Reset Token (discord.com/developers/applications)',
    description:
      'The bot\'s token, without "Bot " before it. Discord shows it once: Developer Portal › your application › Bot › Reset Token (https://discord.com/developers/applications).',
    example: 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.x-and-more',
  }),
  TENCENTCLOUD_SECRET_ID: secret({
    allowed: 'the SecretId of an API key, AKID…',
    where: keys,
    description:
      'The SecretId of a Tencent Cloud API key: console › Access Management › API keys (https://console.tencentcloud.com/cam/capi). A sub-account that may use MPS and nothing else is enough.',
    example: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE',
  }),
  TENCENTCLOUD_SECRET_KEY: secret({
    allowed: 'the SecretKey that belongs to that SecretId',
    where: keys,
    description: 'The SecretKey that belongs to that SecretId.',
  }),
});

/** How Easel reaches MPS and polls it. */
export const mpsVariables = named({
  TENCENTCLOUD_SESSION_TOKEN: optionalSecret({
    allowed: 'the Token that came with temporary keys; unset with lasting ones',
    where: 'the answer of STS (GetFederationToken, AssumeRole) that gave the keys',
    description: 'The token that came with temporary keys (STS). Leave it out with permanent keys.',
  }),
  TENCENTCLOUD_REGION: text({
    fallback: 'ap-guangzhou',
    pattern: regionForm,
    allowed: 'a region such as ap-guangzhou',
    description:
      'The region named in each request to MPS. The international endpoint needs one outside mainland China.',
    example: 'ap-singapore',
  }),
  MPS_ENDPOINT: address({
    fallback: 'https://mps.tencentcloudapi.com',
    such: 'https://mps.tencentcloudapi.com',
    refuse: hostOnly,
    description:
      'The address of MPS. The default serves accounts of both sites. https://mps.intl.tencentcloudapi.com serves overseas regions only, so set TENCENTCLOUD_REGION with it. Plain http is accepted only for this machine itself.',
  }),
  POLL_INTERVAL_MS: integer({
    fallback: 5000,
    range: [50, 60_000],
    unit: 'milliseconds',
    description:
      'The longest time between two polls of a running task, in milliseconds, 50 to 60000. A task close to its expected end is polled more often: usually at most once a second, and about three times a second while few tasks run, on which at most half of the queries are spent. MPS allows 20 queries a second for images and 50 for videos in total; if that is too little, tasks that are probably done go first. Values below 1000 only make sense against a stand-in.',
  }),
  TASK_TIMEOUT_MINUTES: integer({
    fallback: 30,
    range: [1, 2880],
    unit: 'minutes',
    description:
      'Minutes after which a running task gives up its slot and the user is notified, 1 to 2880. A result that arrives later is still delivered.',
  }),
});

/** Policy of the API key, as COS reads it. */
const bucketPolicy = [
  '{"version":"2.0","statement":[',
  ' {"effect":"allow","action":["name/cos:PutObject","name/cos:GetObject","name/cos:DeleteObject"],',
  '  "resource":["qcs::cos:ap-guangzhou:uid/1250000000:pictures-1250000000/aigc-output/*",',
  '              "qcs::cos:ap-guangzhou:uid/1250000000:pictures-1250000000/easel-sources/*"]},',
  ' {"effect":"allow","action":["name/cos:GetBucket"],',
  '  "resource":["qcs::cos:ap-guangzhou:uid/1250000000:pictures-1250000000/*"]}]}',
] as const;

/** The operator's own bucket. */
export const bucketVariables = named({
  COS_BUCKET: text({
    fallback: undefined,
    pattern: /^[a-z0-9][a-z0-9-]*-\d{5,}$/,
    allowed: 'a bucket with its APPID, such as pictures-1250000000',
    where: buckets,
    hint: () => 'which does not end in -APPID',
    description:
      "A bucket in which MPS also stores each result permanently. Without one, MPS's links expire after 12 hours (what was posted in Discord stays), and an order whose answer from MPS was lost can't be recovered. Use the name with its APPID, from the console › Cloud Object Storage › Bucket list, set COS_REGION with it, and keep the bucket private. MPS writes to it as the service role MPS_QcsRole: grant that in the MPS console › Account authorization. Easel reads from it with the API key above, which needs the following policy (with your region, APPID, bucket and directory); npm run doctor prints it filled in and names the permission that is missing.",
    example: 'pictures-1250000000',
    snippet: bucketPolicy,
  }),
  COS_REGION: text({
    fallback: undefined,
    pattern: regionForm,
    allowed: "the bucket's region, such as ap-guangzhou",
    where: buckets,
    description: "The bucket's region. Needs COS_BUCKET.",
    example: 'ap-guangzhou',
  }),
  COS_OUTPUT_DIR: text({
    fallback: '/aigc-output/',
    pattern: /^\/([^\s/]+\/)*$/,
    allowed: 'a path that begins and ends with /, such as /aigc-output/',
    description: 'The directory in the bucket; begins and ends with a slash.',
  }),
  COS_ENDPOINT: address({
    fallback: undefined,
    such: 'https://pictures-1250000000.cos.ap-guangzhou.myqcloud.com',
    refuse: hostOnly,
    description:
      "The bucket's address, if it isn't Tencent's own (BUCKET.cos.REGION.myqcloud.com): an acceleration or custom domain. An object is then at COS_ENDPOINT/KEY. Only https, except on this machine itself. Needs COS_BUCKET.",
    example: 'https://pictures-1250000000.cos.accelerate.myqcloud.com',
    defaultNote: "Tencent's own",
  }),
  SOURCE_HOST: choice({
    fallback: 'auto',
    words: sourceHosts,
    description:
      "Where MPS fetches users' source images: discord (Discord's CDN), cos (COS_BUCKET), or auto: the bucket if there is one and it has accepted an upload since the start, otherwise Discord. From mainland China, MPS fetches from Discord slowly or not at all. Source images are stored under easel-sources/ and removed when their task ends; add a lifecycle rule that deletes what a crash leaves there after 3 days.",
  }),
});

/** How Easel reaches Discord, and where it takes orders. */
export const discordVariables = named({
  ALLOWED_GUILD_IDS: list({
    pattern: idsForm,
    allowed: "Discord servers' ids, with commas between them",
    where: `${developerMode} a server › Copy Server ID`,
    description:
      "The only servers on which Easel takes orders: ids separated by commas. On other servers commands explain that they are not available; Easel doesn't leave those servers, and still delivers what was ordered there before.",
    defaultNote: 'every server',
  }),
  DMS_ENABLED: flag({
    fallback: true,
    description: 'Takes orders in direct messages and group messages.',
  }),
  USER_INSTALLS_ENABLED: flag({
    fallback: true,
    description:
      'Takes orders on servers that Easel has not joined, from users who installed it for themselves.',
  }),
  OPERATOR_USER_IDS: list({
    pattern: idsForm,
    allowed: "Discord users' ids, with commas between them",
    where: `${developerMode} a person › Copy User ID`,
    description:
      "Discord users who may change a server's limits with /quota ceiling: ids separated by commas.",
    defaultNote: 'no one',
  }),
  OPERATOR_CHANNEL_ID: text({
    fallback: undefined,
    pattern: /^\d{17,20}$/,
    allowed: "a Discord channel's id",
    where: `${developerMode} the channel › Copy Channel ID`,
    description:
      'A Discord channel for alerts that only the operator can act on, at most one an hour of each kind: a rejected key, an account in arrears, a broken store, results about to be lost, many moderation refusals. Easel needs View Channel and Send Messages there.',
    example: '123456789012345678',
  }),
  NOTIFY_AFTER_SECONDS: integer({
    fallback: 90,
    range: [0, 86_400],
    unit: 'seconds',
    description:
      'If a result takes longer than this, in seconds, the user is mentioned in a short message, because an edit notifies no one. 0 turns this off.',
  }),
  MESSAGE_CONTENT_INTENT: flagOrAuto({
    description:
      "Whether Easel asks for the Message Content Intent, which lets it see images in other users' messages, so that replying to one with a mention animates it. With auto it does if the Developer Portal allows it: Developer Portal › your application › Bot › Message Content Intent, which is only a switch for bots below 10,000 users. Without the intent, replies work for Easel's own images and for images in the reply itself; Apps › Animate works for all of them. true refuses to start if the portal doesn't allow it; false never asks.",
  }),
  DISCORD_API_URL: address({
    fallback: 'https://discord.com/api',
    such: 'https://discord.com/api',
    refuse: ({ pathname }) =>
      /\/v(?!10\/?$)\d+\/?$/.test(pathname)
        ? 'with a version, and not the 10 that Easel speaks: leave out the last part'
        : undefined,
    // discord.js puts the version there itself.
    ending: /(\/v10)?\/*$/,
    description:
      "The address of Discord's API, for a stand-in or a proxy. A version at its end may be left out and can only be /v10. Plain http is accepted only for this machine itself.",
    example: 'http://127.0.0.1:8081/api',
  }),
});

/** Pages that members are led to. */
export const linkVariables = named({
  ABOUT_URL: page({
    description: 'A page about this bot: who runs it, or its source.',
    example: 'https://example.com/easel',
  }),
  PRIVACY_URL: page({
    description: 'Your privacy policy. PRIVACY.md is one to start from.',
    example: 'https://example.com/easel/privacy',
  }),
  TERMS_URL: page({
    description: 'Your terms of service. TERMS.md are some to start from.',
    example: 'https://example.com/easel/terms',
  }),
  SUPPORT_URL: page({
    description: 'Where members reach you: an invite to your support server, or a page with your address.',
    example: 'https://discord.gg/example',
  }),
});
