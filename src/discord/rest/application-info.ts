import {
  type APIApplication,
  ApplicationFlags,
  ApplicationIntegrationType,
  OAuth2Scopes,
  PermissionFlagsBits,
  PermissionsBitField,
  type REST,
  type RESTAPIPartialCurrentUserGuild,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
  UserFlags,
} from 'discord.js';
import { createRests } from './clients.js';
import { areRegistered, findCopies } from './command-registration.js';

/** What Easel needs in a server, as in docs/operations.md#setting-it-up. */
const needed = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'AttachFiles',
  'ReadMessageHistory',
] as const;

/** Guilds that are looked at for copies of commands: they are made to try commands in a few test servers. */
const mostSearched = 25;

interface Connection {
  readonly token: string;
  /** DISCORD_API_URL */
  readonly apiUrl: string;
}

/** The application as Discord has it. */
export interface Examined {
  readonly name: string;
  /** Adds the bot to a server with exactly what it needs. */
  readonly inviteUrl: string;
  /** The Message Content Intent is switched on. */
  readonly messageContent: boolean;
  /** Anyone may add the bot to a server (Developer Portal › Bot › Public Bot). */
  readonly isPublic: boolean;
  readonly registered: boolean;
  /** Guilds that show commands twice, of the first ones: copies registered there alone (`npm run register -- --guild`). */
  readonly copies: readonly { readonly guild: string; readonly id: string; readonly count: number }[];
  /** The first hundred or so, each with the permissions that the bot lacks there. */
  readonly guilds: readonly { readonly name: string; readonly missing: readonly string[] }[];
}

/** @throws what Discord's REST API does; `isTokenRefused` and `outageOf` know it. */
export async function examineApplication(
  { token, apiUrl }: Connection,
  commands: readonly RESTPostAPIApplicationCommandsJSONBody[],
): Promise<Examined> {
  const { bot } = createRests(apiUrl, token);
  const application = (await bot.get(Routes.currentApplication())) as APIApplication;
  const { id, name, flags, bot_public: isPublic } = application;
  const guilds = (await bot.get(Routes.userGuilds())) as readonly RESTAPIPartialCurrentUserGuild[];
  const searched = guilds.slice(0, mostSearched);
  const copies = await findCopies(
    bot,
    id,
    searched.map((guild) => guild.id),
  );
  return {
    name,
    inviteUrl: inviteUrl(id),
    messageContent: grantsContent(flags),
    isPublic,
    registered: await areRegistered(bot, id, commands),
    copies: searched.flatMap((guild) => {
      const count = copies.get(guild.id);
      return count === undefined ? [] : [{ guild: guild.name, id: guild.id, count }];
    }),
    guilds: guilds.map(({ name: guild, permissions }) => ({
      name: guild,
      missing: new PermissionsBitField(BigInt(permissions)).missing([...needed]),
    })),
  };
}

/** What Discord's App Directory and its verification ask for, as the application has it. */
export interface Listing {
  readonly id: string;
  readonly name: string;
  readonly inviteUrl: string;
  readonly hasIcon: boolean;
  readonly description: string;
  readonly tags: readonly string[];
  readonly termsUrl: string | undefined;
  readonly privacyUrl: string | undefined;
  /** The support server. */
  readonly hasSupportServer: boolean;
  /** A button that adds the app: Discord's own install link, or the operator's. */
  readonly hasInstallLink: boolean;
  readonly isPublic: boolean;
  /** Only the owner of a team can verify an app. */
  readonly hasTeam: boolean;
  readonly isVerified: boolean;
}

/** @throws what Discord's REST API does; `isTokenRefused` and `outageOf` know it. */
export async function readListing({ token, apiUrl }: Connection): Promise<Listing> {
  const { bot } = createRests(apiUrl, token);
  const app = (await bot.get(Routes.currentApplication())) as APIApplication;
  const publicFlags = app.bot?.public_flags ?? 0;
  return {
    id: app.id,
    name: app.name,
    inviteUrl: inviteUrl(app.id),
    hasIcon: Boolean(app.icon),
    description: app.description,
    tags: (app.tags ?? []).flatMap((tag: string | undefined) => tag ?? []),
    termsUrl: app.terms_of_service_url || undefined,
    privacyUrl: app.privacy_policy_url || undefined,
    hasSupportServer: Boolean(app.guild_id),
    hasInstallLink: Boolean(app.custom_install_url || app.install_params || hasInstallParams(app)),
    isPublic: app.bot_public,
    hasTeam: Boolean(app.team),
    isVerified: (publicFlags & UserFlags.VerifiedBot) !== 0,
  };
}

/** Whether Discord's install link adds the bot to a server with all that it needs to answer there. */
function hasInstallParams({ integration_types_config: types }: APIApplication): boolean {
  const install = types?.[ApplicationIntegrationType.GuildInstall]?.oauth2_install_params;
  return install?.scopes.includes(OAuth2Scopes.Bot) ?? false;
}

/**
 * Whether the Developer Portal has the Message Content Intent switched on for the bot's own application.
 * @throws what Discord's REST API does.
 */
export async function isContentGranted(bot: Pick<REST, 'get'>): Promise<boolean> {
  const { flags } = (await bot.get(Routes.currentApplication())) as APIApplication;
  return grantsContent(flags);
}

/** Bit 18, or 19 for an application that Discord has not reviewed (Discord docs: "Application Flags"). */
function grantsContent(flags = 0): boolean {
  const { GatewayMessageContent, GatewayMessageContentLimited } = ApplicationFlags;
  return (flags & (GatewayMessageContent | GatewayMessageContentLimited)) !== 0;
}

/** The invite link by what the token itself says, for when Discord cannot be asked; undefined if it says nothing. */
export function inviteUrlByToken(token: string): string | undefined {
  const id = Buffer.from(token.split('.', 1).join(), 'base64url').toString('latin1');
  return /^\d{17,20}$/.test(id) ? inviteUrl(id) : undefined;
}

function inviteUrl(applicationId: string): string {
  const permissions = needed.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`,
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}
