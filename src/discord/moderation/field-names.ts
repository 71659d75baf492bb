import { type Locale, type TextKey, text } from '../../locales/index.js';
import { measures } from '../../quota/measures.js';

/** What a setting is called in the settings panel, by its path in the record or by the path's beginning. */
const names: Readonly<Record<string, TextKey>> = {
  imageModel: 'rules.model.image',
  videoModel: 'rules.model.video',
  duration: 'rules.duration',
  private: 'rules.private',
  channels: 'rules.channels',
  roles: 'rules.roles',
  modelsOff: 'rules.off',
  language: 'rules.language',
  zone: 'rules.zone',
  membersMayDelete: 'rules.delete',
  provenance: 'rules.provenance',
  mostResults: 'rules.mostResults',
  spoiler: 'rules.spoiler',
  'content.image': 'rules.content.image',
  'content.video': 'rules.content.video',
  review: 'rules.review',
  'review.channel': 'rules.review.channel',
  spoilerFor: 'rules.spoilerFor',
  'ageLimit.roles': 'rules.ageFor',
  'ageLimit.except': 'rules.ageExcept',
  showcase: 'rules.showcase',
  grants: 'moderate.limits.grants',
  'moderation.logChannel': 'rules.log',
  'moderation.channels': 'moderate.limits.channels',
  'moderation.deniedRoles': 'rules.deniedRoles',
  'moderation.cooldown': 'rules.cooldown',
  // As entries from before the rules had paths of their own have them.
  logChannel: 'rules.log',
  cooldown: 'rules.cooldown',
};

/** Changed settings in words, each once; a path that has no name any more as it is. */
export function fieldNames(fields: readonly string[], locale: Locale): readonly string[] {
  return [...new Set(fields.map((field) => nameOf(field, locale)))];
}

function nameOf(field: string, locale: Locale): string {
  const path = field.split('.');
  for (let length = path.length; length > 0; length--) {
    const start = path.slice(0, length).join('.');
    const key = Object.hasOwn(names, start) ? names[start] : undefined;
    if (key) return text(locale, key);
  }
  return limitName(path, locale) ?? field;
}

/** `limits.guild.image.day`, `override.member.open`, `shares.ROLE.image.day` */
function limitName([list, whose = '', ...rest]: readonly string[], locale: Locale): string | undefined {
  const measure = measures.find((one) => one === rest.join('.'));
  const isShare = list === 'shares' && /^\d+$/.test(whose);
  if (!isShare && list !== 'limits' && list !== 'override') return undefined;
  const label = isShare
    ? text(locale, 'moderate.limits.role', { role: `<@&${whose}>` })
    : text(locale, whose === 'guild' ? 'moderate.limits.server' : 'moderate.limits.member');
  const value = measure && text(locale, `measure.${measure}`);
  return value === undefined ? label : text(locale, 'rules.line', { label, value });
}
