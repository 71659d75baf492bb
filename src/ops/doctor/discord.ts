import { type Examined, examineApplication, inviteUrlByToken } from '../../discord/rest/application-info.js';
import { isTokenRefused, outageOf } from '../../discord/rest/errors.js';
import { type Finding, fail, ok, warn } from './finding.js';

interface Asked {
  readonly token: string;
  readonly apiUrl: string;
  /** MESSAGE_CONTENT_INTENT */
  readonly messageContent: boolean | 'auto';
  /** Whether total spending is bounded: by a quota or ALLOWED_GUILD_IDS. */
  readonly isBounded: boolean;
}

type Commands = Parameters<typeof examineApplication>[1];

const portal = 'Developer Portal › your application › Bot';

/** Token, intent, servers and commands. */
export async function checkDiscord(asked: Asked, commands: Commands): Promise<readonly Finding[]> {
  try {
    const examined = await examineApplication(asked, commands);
    return [
      ok('Discord token', `it is ${examined.name}'s`),
      intentFinding(asked, examined),
      publicFinding(asked, examined),
      commandFinding(examined),
      ...copyFindings(examined),
      ...guildFindings(examined),
      ok('Invite link', examined.inviteUrl),
    ];
  } catch (error) {
    const url = outageOf(error) === undefined ? undefined : inviteUrlByToken(asked.token);
    return [refusal(error), ...(url === undefined ? [] : [ok('Invite link', url)])];
  }
}

/** Why Discord could not be asked. */
export function refusal(error: unknown): Finding {
  const check = 'Discord token';
  if (isTokenRefused(error))
    return fail(
      check,
      'Discord rejected it',
      `create a new one (${portal} › Reset Token) and set DISCORD_TOKEN`,
    );
  const outage = outageOf(error) ?? 'no usable answer';
  return fail(
    check,
    `Discord could not be reached (${outage})`,
    'check the network, and DISCORD_API_URL if set',
  );
}

function intentFinding({ messageContent: wanted }: Asked, { messageContent }: Examined): Finding {
  const check = 'Intents';
  if (wanted === false)
    return ok(check, 'MESSAGE_CONTENT_INTENT=false: none that is privileged is asked for');
  if (messageContent) return ok(check, 'Message Content is on');
  const place = `${portal} › Message Content Intent`;
  if (wanted === 'auto')
    return warn(
      check,
      'Message Content is off: a reply to another user’s picture cannot animate it (Apps › Animate can)',
      `switch it on (${place}), and start Easel again; below 10,000 users it is only a switch`,
    );
  return fail(
    check,
    'MESSAGE_CONTENT_INTENT=true, but Discord has it switched off',
    `switch it on (${place}; below 10,000 users it is only a switch), or leave the variable out`,
  );
}

/** Each order costs the operator money: anyone who can add the bot can spend it. */
function publicFinding({ isBounded }: Asked, { isPublic }: Examined): Finding {
  const check = 'Public bot';
  if (!isPublic) return ok(check, 'only you can add it to a server');
  if (isBounded) return ok(check, 'anyone can add it to a server; a limit or a list of servers is set');
  return warn(
    check,
    'anyone can add it to a server and order at your expense: no limit and no list of servers is set',
    `switch it off (${portal} › Public Bot), or set ALLOWED_GUILD_IDS or a limit such as QUOTA_GUILD_IMAGES_DAY`,
  );
}

function commandFinding({ registered }: Examined): Finding {
  const check = 'Commands';
  if (registered) return ok(check, 'registered and up to date');
  return warn(
    check,
    'Discord has different ones, or none',
    'Easel registers them when it starts; npm run register does it now',
  );
}

function copyFindings({ copies }: Examined): readonly Finding[] {
  return copies.map(({ guild, id, count }) =>
    warn(
      'Commands',
      `“${guild}” shows ${count} of them twice: copies were registered there to try them`,
      `npm run register -- --guild ${id} --remove; npm run register removes all copies`,
    ),
  );
}

function guildFindings({ guilds }: Examined): readonly Finding[] {
  const check = 'Servers';
  if (guilds.length === 0) return [warn(check, 'Easel is in no server yet', 'invite it with the link below')];
  const lacking = guilds.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return [ok(check, `${guilds.length}, with all permissions`)];
  const [first] = lacking;
  const example = first ? `“${first.name}” lacks ${first.missing.join(', ')}` : '';
  const more = lacking.length > 1 ? `, and ${lacking.length - 1} more lack some` : '';
  return [
    warn(
      check,
      `${example}${more}`,
      'invite Easel again with the link below, or give its role the missing permissions',
    ),
  ];
}
