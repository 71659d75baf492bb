import type { Config } from '../../config/config.js';
import { type Listing, readListing } from '../../discord/rest/application-info.js';
import { type Locale, languageName, locales, text } from '../../locales/index.js';
import { refusal } from './discord.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** What `npm run doctor -- --directory` says. */
export interface DirectoryReport {
  readonly findings: readonly Finding[];
  /** Texts for the Developer Portal; none if Discord couldn't be asked. */
  readonly texts: readonly string[];
}

const general = 'Developer Portal › your application › General Information';
const discovery = 'Developer Portal › your application › Discovery';

/** Most characters of the application's description, and of its tags. Discord docs: Application Resource. */
const longest = { description: 400, tag: 20 } as const;
const mostTags = 5;

/** Compares the application with what Discord's verification and its App Directory ask for. Reads only. */
export async function checkDirectory(config: Pick<Config, 'discord' | 'links' | 'image' | 'video'>) {
  try {
    const listing = await readListing(config.discord);
    return { findings: findingsOf(listing, config), texts: textsOf(listing, config) };
  } catch (error) {
    return { findings: [refusal(error)], texts: [] };
  }
}

/** Pure. */
export function findingsOf(listing: Listing, { links }: Pick<Config, 'links'>): readonly Finding[] {
  const { description, tags } = listing;
  const has = (check: string, isThere: boolean, fix: string) =>
    isThere ? ok(check, 'there') : fail(check, 'missing', fix);
  return [
    ok('Application', `${listing.name} (${listing.id})`),
    has('Public bot', listing.isPublic, 'Developer Portal › your application › Bot › Public Bot'),
    has('Icon', listing.hasIcon, `upload one: ${general} › App Icon`),
    has('Description', description.trim() !== '', `paste the one below: ${general} › Description`),
    has('Tags', tags.length > 0, `paste those below: ${general} › Tags`),
    pageFinding('Terms of service', 'TERMS_URL', listing.termsUrl, links.terms),
    pageFinding('Privacy policy', 'PRIVACY_URL', listing.privacyUrl, links.privacy),
    has('Support server', listing.hasSupportServer, `choose it: ${discovery} › Support Server`),
    ...(links.support === undefined
      ? [warn('Support link', 'SUPPORT_URL is not set', 'set it to an invite, so that /about leads there')]
      : []),
    has(
      'Install link',
      listing.hasInstallLink,
      'Developer Portal › your application › Installation › Install Link: with the scopes bot and applications.commands, or the link below',
    ),
    has(
      'Team',
      listing.hasTeam,
      'only the owner of a team can verify an app: create a team, and transfer the application to it',
    ),
    listing.isVerified
      ? ok('Verification', 'the bot is verified')
      : fail(
          'Verification',
          'the bot is not verified yet',
          'Developer Portal › your application › App Verification, once the rest is there',
        ),
  ];
}

/** The portal's page should be the one that /about links. */
function pageFinding(
  check: string,
  variable: string,
  portal: string | undefined,
  ours: string | undefined,
): Finding {
  if (portal === undefined) {
    const which = ours ?? `a page of yours, and set ${variable} to it`;
    return fail(check, 'missing', `${general}: ${which}`);
  }
  if (ours === undefined) return warn(check, portal, `set ${variable} to it, so that /about leads there`);
  return new URL(ours).href === hrefOf(portal)
    ? ok(check, portal)
    : warn(check, `the portal has ${portal}, ${variable} is ${ours}`, 'make them the same');
}

function hrefOf(address: string): string {
  return URL.canParse(address) ? new URL(address).href : address;
}

function textsOf({ inviteUrl }: Listing, config: Pick<Config, 'image' | 'video'>): readonly string[] {
  return [
    ...locales.flatMap((locale) => pasted(locale, config)),
    `Install link\n${inviteUrl}`,
    'Privacy policy and terms of service\nPRIVACY.md and TERMS.md are templates: fill them in, publish them, and set PRIVACY_URL and TERMS_URL.',
  ];
}

/** A language's texts, within Discord's limits. */
function pasted(locale: Locale, { image, video }: Pick<Config, 'image' | 'video'>): readonly string[] {
  const what = image.enabled && video.enabled ? 'both' : image.enabled ? 'image' : 'video';
  const language = languageName(locale);
  const tags = text(locale, `directory.tags.${what}`).split(/[,，、]\s*/);
  const description = text(locale, `directory.short.${what}`);
  return [
    `Description (${language}, at most ${longest.description} characters)\n${description.slice(0, longest.description)}`,
    `Tags (${language}, at most ${mostTags})\n${tags
      .slice(0, mostTags)
      .map((tag) => tag.slice(0, longest.tag))
      .join(', ')}`,
    `App Directory, detailed description (${language})\n${description}\n\n${text(locale, 'directory.long')}`,
  ];
}
