import type { DiscordStandIn } from '@easel/discord-stand-in';

/** Members of every server whose Discord is in one of the languages that Easel speaks; lin, who reads Chinese, is there already. */
export const speakers = [
  { username: 'jonas', globalName: 'Jonas', locale: 'de' },
  { username: 'lucia', globalName: 'Lucía', locale: 'es-ES' },
  { username: 'chloe', globalName: 'Chloé', locale: 'fr' },
  { username: 'giulia', globalName: 'Giulia', locale: 'it' },
  { username: 'hana', globalName: '花', locale: 'ja' },
  { username: 'minjun', globalName: '민준', locale: 'ko' },
  { username: 'zofia', globalName: 'Zofia', locale: 'pl' },
  { username: 'joao', globalName: 'João', locale: 'pt-BR' },
  { username: 'dasha', globalName: 'Даша', locale: 'ru' },
  { username: 'deniz', globalName: 'Deniz', locale: 'tr' },
  { username: 'linh', globalName: 'Linh', locale: 'vi' },
  { username: 'yating', globalName: '雅婷', locale: 'zh-TW' },
] as const;

/** Adds them to the world. */
export function inviteSpeakers({ world }: Pick<DiscordStandIn, 'world'>): void {
  for (const speaker of speakers) {
    world.addUser(speaker);
    for (const { id } of world.guilds()) world.addMember(id, speaker.username);
  }
}
