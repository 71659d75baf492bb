import type { Locale } from '../../../src/locales/index.js';

const english = {
  fox: 'a red fox in the snow',
  blueFox: 'a blue fox in the snow',
  lake: 'a lake at dawn',
  boat: 'a paper boat',
  harbour: 'our harbour',
  run: 'make it run',
  sky: 'make the sky green',
  hat: 'add a straw hat',
  thanks: 'thank you!',
  help: 'help',
  doubt: 'can you do a cat with wings?',
  hare: 'a hare under the moon',
  owl: 'an owl made of glass',
  secret: 'a surprise for Ben',
  swan: 'a swan on a canal',
  crane: 'a folded crane',
  lantern: 'a paper lantern',
  takesOff: 'it takes off',
  gulls: 'gulls circle',
  sails: 'it sails away',
  snows: 'it snows softly',
  moss: 'the same in moss',
  refused: 'a forbidden garden',
  late: 'a train at midnight',
  direct: 'draw a cottage by the sea',
  ending: 'how the book ends',
  bell: 'a brass bell',
  /** The member's name. */
  me: 'Mia',
};

const chinese: typeof english = {
  fox: '雪中的红狐',
  blueFox: '雪中的蓝狐',
  lake: '黎明的湖面',
  boat: '一只纸船',
  harbour: '我们的港口',
  run: '让它跑起来',
  sky: '把天空改成绿色',
  hat: '给它加上一顶草帽',
  thanks: '谢谢！',
  help: '怎么用',
  doubt: '你能画一只长翅膀的猫吗？',
  hare: '月光下的野兔',
  owl: '玻璃做的猫头鹰',
  secret: '给 Ben 的惊喜',
  swan: '运河上的天鹅',
  crane: '一只千纸鹤',
  lantern: '一盏纸灯笼',
  takesOff: '它飞了起来',
  gulls: '海鸥盘旋',
  sails: '它慢慢驶远',
  snows: '轻轻地下着雪',
  moss: '换成青苔的样子',
  refused: '禁忌花园 forbidden',
  late: '午夜的列车',
  direct: '画一座海边的小屋',
  ending: '书的结局',
  bell: '一口铜钟',
  me: '林',
};

export type Words = typeof english;

/** What is typed during the evening. */
export const wordsIn = { 'en-US': english, 'zh-CN': chinese } satisfies Readonly<Record<Locale, Words>>;

/** The languages that the evening is played in. */
export type Played = keyof typeof wordsIn;
