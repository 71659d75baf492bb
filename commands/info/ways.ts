import { type Locale, type TextKey, text } from '../../src/locales/index.js';
import type { Kind } from '../../src/mps/generation-request.js';

/** Who reads the help, and what is offered there. */
export interface Reader {
  readonly locale: Locale;
  /** Kinds that are switched on. */
  readonly kinds: readonly Kind[];
  /** Easel's mention. */
  readonly bot: string;
  readonly isManager: boolean;
  /** May use `/moderate` here. */
  readonly isModerator: boolean;
  /** A server of which Easel is a member. */
  readonly inGuild: boolean;
  /** An available model changes clips. */
  readonly changes?: boolean;
  /** Clips can be extended: there is what joins them. */
  readonly extends?: boolean;
  /** An available model cuts clips into shots. */
  readonly shots?: boolean;
  /** An available model knows what goes with a prompt by name. */
  readonly named?: boolean;
}

/** What one can do with Easel, one line each: the wish, and the way. `of` makes a command clickable. */
export function ways(reader: Reader, of: (command: string) => string): readonly string[] {
  const { locale, kinds, isManager, isModerator, inGuild, shots = false, named = false } = reader;
  const { changes = false, extends: canExtend = false } = reader;
  const [images, clips] = [kinds.includes('image'), kinds.includes('video')];
  const both = images && clips;
  const params = paramsOf(reader, of);
  const way = (wish: TextKey, how: TextKey) =>
    `- **${text(locale, wish, params)}**: ${asCode(text(locale, how, params))}`;
  return [
    ...(images ? [way('help.wish.image', 'help.image')] : []),
    ...(clips ? [way('help.wish.clip', both ? 'help.clip.both' : 'help.clip')] : []),
    way('help.wish.change', changeKey(clips, both)),
    ...(images ? [way('help.wish.several', 'help.several')] : []),
    ...(clips && changes ? [way('help.wish.clips', canExtend ? 'help.clips' : 'help.clips.plain')] : []),
    ...(clips && !canExtend ? [`-# ${text(locale, 'help.clips.off')}`] : []),
    ...(clips && shots ? [way('help.wish.shots', 'help.shots')] : []),
    way('help.wish.exact', 'help.exact'),
    way('help.wish.style', 'help.style'),
    way('help.wish.preferences', 'help.preferences'),
    way('help.wish.tasks', 'help.tasks'),
    ...(inGuild
      ? [
          way('help.wish.gallery', 'help.gallery'),
          way('help.wish.star', 'help.star'),
          way('help.wish.report', 'help.report'),
        ]
      : []),
    way('help.wish.data', 'help.data'),
    ...(isManager ? [way('help.wish.manage', 'help.manage'), way('help.wish.presets', 'help.presets')] : []),
    ...(isModerator ? [way('help.wish.moderate', 'help.moderate')] : []),
    ...(named ? [`-# ${text(locale, 'help.named')}`] : []),
    `-# ${text(locale, 'help.chance')}`,
  ];
}

/** What the sentences name: commands, options and menus. */
function paramsOf(reader: Reader, of: (command: string) => string) {
  const { locale, kinds, bot } = reader;
  return {
    bot,
    ...Object.fromEntries(commands.map((name) => [name, of(name)])),
    chained: text(locale, 'name.then_animate'),
    several: text(locale, 'name.count'),
    compared: text(locale, 'name.compare'),
    style: text(locale, 'name.style'),
    shots: text(locale, 'name.shots'),
    order: of(kinds.includes('image') ? 'imagine' : 'animate'),
    menus: menusOf(reader),
    report: text(locale, 'help.menu', { menu: text(locale, 'menu.report') }),
    clipMenus: clipMenusOf(reader),
  };
}

/** Names of options as code, so that no line breaks behind their hyphens; only for our own words. */
function asCode(words: string): string {
  return words.replaceAll(/--\w+/g, '`$&`');
}

const commands = [
  'imagine',
  'animate',
  'clip',
  'models',
  'tasks',
  'gallery',
  'privacy',
  'settings',
  'presets',
  'preferences',
  'quota',
  'moderate',
] as const;

/** A reply animates a picture if there are clips, and changes it otherwise. */
function changeKey(clips: boolean, both: boolean): TextKey {
  if (both) return 'help.change.both';
  return clips ? 'help.change.clip' : 'help.change.image';
}

/** `Apps › Edit clip, Apps › Extend` */
function clipMenusOf({ locale, extends: canExtend = false }: Reader): string {
  const menus = [text(locale, 'menu.editClip'), ...(canExtend ? [text(locale, 'menu.extend')] : [])];
  return menus.map((menu) => text(locale, 'help.menu', { menu })).join(text(locale, 'list.comma'));
}

/** `Apps › Animate, Apps › Remix` */
function menusOf({ locale, kinds }: Reader): string {
  const menus = [
    ...(kinds.includes('video') ? [text(locale, 'menu.animate')] : []),
    ...(kinds.includes('image') ? [text(locale, 'menu.remix')] : []),
  ];
  return menus.map((menu) => text(locale, 'help.menu', { menu })).join(text(locale, 'list.comma'));
}
