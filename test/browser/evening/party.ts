import type { BrowserContextOptions } from 'playwright-core';
import type { Locale } from '../../../src/locales/index.js';
import { openStage, type Stage } from '../kit.js';
import type { Guest, Role } from './stroll.js';

/** Those who spend the evening, at one playground. */
export interface Party {
  readonly stage: Stage;
  readonly guests: Readonly<Record<Role, Guest>>;
  close(): Promise<void>;
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param locale that of the member and the moderator; Ben reads English. */
export async function openParty(locale: Locale): Promise<Party> {
  const stage = await openStage();
  const isChinese = locale === 'zh-CN';
  if (isChinese) await inviteModerator(stage.origin);
  const guest = async (user: string, own: Locale, options: BrowserContextOptions = {}): Promise<Guest> => {
    const page = await stage.visit(user, { locale: own, timezoneId: 'UTC', ...options });
    return { page, locale: own, stage };
  };
  const guests = {
    other: await guest('ben', 'en-US'),
    member: await guest(isChinese ? 'lin' : 'mia', locale, { ...phone }),
    moderator: await guest(isChinese ? 'fang' : 'ada', locale, { colorScheme: 'light' }),
  };
  return { stage, guests, close: () => stage.close() };
}

/** An administrator whose Discord is in Chinese. */
async function inviteModerator(origin: string): Promise<void> {
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`${origin}/_control${path}`, {
      ...(body && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { guilds } = await ask('/world');
  const guild = guilds.find(({ name }: { name: string }) => name === 'Foxglove');
  const keepers = guild.roles.find(({ name }: { name: string }) => name === 'Keepers');
  await ask('/users', { username: 'fang', globalName: '方', locale: 'zh-CN' });
  await ask('/members', { guild: guild.id, user: 'fang', roles: [keepers.id] });
}
