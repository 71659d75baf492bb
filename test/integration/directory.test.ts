import { createDiscordStandIn, type DiscordStandIn } from '@easel/discord-stand-in';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examineDirectory } from '../../src/app/doctor-checks.js';
import type { Environment } from '../../src/config/config.js';
import { isWell, toDirectoryText } from '../../src/ops/doctor/report.js';

let discord: DiscordStandIn;
let env: Environment;
beforeAll(async () => {
  discord = await createDiscordStandIn();
  env = { DISCORD_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl };
});
afterAll(() => discord.close());

const pages = {
  TERMS_URL: 'https://example.com/terms',
  PRIVACY_URL: 'https://example.com/privacy',
  SUPPORT_URL: 'https://discord.gg/example',
};
const levels = async (more: Environment = {}) => {
  const { findings } = await examineDirectory({ ...env, ...more });
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
};

it('names all that a new application lacks, and prints texts within Discord’s limits', async () => {
  const report = await examineDirectory(env);
  const lacking = report.findings.filter(({ level }) => level === 'fail').map(({ check }) => check);
  expect(lacking).toEqual([
    ...['Icon', 'Description', 'Tags', 'Terms of service', 'Privacy policy', 'Support server'],
    ...['Install link', 'Team', 'Verification'],
  ]);
  expect(isWell(report.findings)).toBe(false);
  const printed = toDirectoryText(report);
  expect(printed).toContain('9 of 12 are missing for the App Directory');
  expect(printed).toContain('/oauth2/authorize?client_id=');
  for (const language of ['English', '简体中文']) {
    const short = report.texts.find((text) => text.startsWith(`Description (${language}`)) ?? '';
    const words = short.split('\n').slice(1).join('\n');
    expect(words.length).toBeGreaterThan(50);
    expect(words.length).toBeLessThanOrEqual(400);
    expect(words).toMatch(/[.。]$/);
    const tags = report.texts.find((text) => text.startsWith(`Tags (${language}`))?.split('\n')[1] ?? '';
    expect(tags.split(', ').length).toBeLessThanOrEqual(5);
    for (const tag of tags.split(', ')) expect(tag).toMatch(/^.{1,20}$/);
  }
});

it('has nothing to add once all is there, and says where the portal’s pages differ', async () => {
  discord.portal.listing = {
    icon: 'a'.repeat(32),
    description: 'Pictures from words',
    tags: ['AI'],
    terms_of_service_url: pages.TERMS_URL,
    privacy_policy_url: pages.PRIVACY_URL,
    guild_id: '123456789012345678',
    custom_install_url: 'https://example.com/install',
    team: { id: '1', name: 'Team', icon: null, members: [], owner_user_id: '1' },
    bot: { id: '1', username: 'easel', discriminator: '0', avatar: null, public_flags: 1 << 16 },
  };
  const { findings } = await examineDirectory({ ...env, ...pages });
  expect(findings.map(({ level }) => level)).toEqual(findings.map(() => 'ok'));
  expect(await levels({ ...pages, TERMS_URL: 'https://example.com/other' })).toMatchObject({
    'Terms of service': 'warn',
  });
  expect(await levels()).toMatchObject({ 'Privacy policy': 'warn', 'Support link': 'warn' });
});

it('says that the token is refused, or that a page is no https address', async () => {
  expect(await levels({ DISCORD_TOKEN: 'a.b.c' })).toEqual({ 'Discord token': 'fail' });
  expect(await levels({ PRIVACY_URL: 'http://example.com' })).toEqual({ Configuration: 'fail' });
});
