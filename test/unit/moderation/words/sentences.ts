/** Sentences and words for tests of word lists; nothing in here knows how words are matched. */

/** What moderators of an English and a Chinese server might forbid. */
export const forbidden = [
  ...[
    'ass',
    'cock',
    'hell',
    'penis',
    'rapist',
    'sex',
    'cum',
    'tit',
    'anal',
    'hoe',
    'cocaine',
    'heroin',
    'porn',
  ],
  ...['nude', 'slut', 'dick', 'crap', 'shit', 'nazi', 'arse', 'rape', 'ill', 'wank', 'spic', 'coon', 'dyke'],
  ...['child porn', 'meth', 'gun', 'cop', 'kkk', 'pedo', 'fag', 'whore', 'lust', 'gore'],
];
export const forbiddenChinese = [
  ...[
    '赌博',
    '大麻',
    '做爱',
    '裸体',
    '色情',
    '强奸',
    '自杀',
    '毒品',
    '妓女',
    '炸弹',
    '枪支',
    '卖淫',
    '嫖娼',
    '奶',
  ],
  ...['性交', '迷药', '血腥', '小三'],
];

/** Words that have a forbidden one inside, or over the border between two. */
const near = [
  ...[
    'class',
    'assess',
    'passage',
    'bass',
    'embassy',
    'grass',
    'peacock',
    'cockpit',
    'hancock',
    'shuttlecock',
  ],
  ...[
    'hello',
    'shell',
    'seashell',
    'othello',
    'therapist',
    'therapists',
    'grape',
    'drapes',
    'scrape',
    'Essex',
  ],
  ...[
    'Sussex',
    'sextant',
    'sextet',
    'document',
    'cucumber',
    'circumference',
    'title',
    'titan',
    'constitution',
  ],
  ...[
    'analysis',
    'canal',
    'analogue',
    'shoe',
    'phoenix',
    'backhoes',
    'heroine',
    'denuded',
    'Dickens',
    'dickcissel',
  ],
  ...[
    'scrap',
    'skyscraper',
    'shitake',
    'hillside',
    'village',
    'pill',
    'swanky',
    'conspicuous',
    'spice',
    'raccoon',
  ],
  ...[
    'cocoon',
    'Scunthorpe',
    'Penistone',
    'Lightwater',
    'arsenal',
    'parsec',
    'torpedo',
    'pedometer',
    'gunwale',
  ],
  ...[
    'begun',
    'copper',
    'telescope',
    'microscopic',
    'method',
    'lustre',
    'cluster',
    'illustration',
    'gorgeous',
  ],
  ...[
    'category',
    'Gregoreous',
    'fagots',
    'flag',
    'whoredom-free',
    "he'll",
    "she'll",
    "I'll",
    "we'll",
    "it's hit",
  ],
  ...[
    'A55 road',
    'B00 tape',
    'MP3 sound',
    '1080p',
    'co-operation',
    'pen is',
    'as she',
    'her oin tment',
    'the rap is',
  ],
];
const subjects = [
  ...[
    'a red fox',
    'an old lighthouse',
    'two astronauts',
    'the quiet harbour',
    'a small robot',
    'our neighbour',
  ],
  ...['a wooden boat', 'my grandmother', 'the night market', 'a paper dragon'],
];
const scenes = [
  'in the style of a woodcut, with {} in the background',
  'looking at {} through a window, soft morning light',
  'beside {}; wide shot, 35 mm, golden hour',
  'with {}. Rain on the pavement, neon reflections!',
  'drawn like a poster about {} (1920s), bold letters',
];

const nearChinese = [
  ...[
    '大麻烦',
    '叫做爱心午餐',
    '当做爱好',
    '打赌，博士输了',
    '牛奶',
    '奶酪',
    '男性交流会',
    '消毒品牌',
    '景色情怀',
  ],
  ...['来自杀青的剧组', '暮色情怀', '打赌博得头筹', '叫做爱情的电影', '中毒品尝过的人'],
  ...['水枪支架', '赤裸体验', '坚强奸商', '各色情绪', '昏迷药效', '凤凰血，腥味鱼'],
  ...[
    '星期三',
    '高大麻雀',
    '自习室',
    '毒蘑菇',
    '炸鸡',
    '弹琴的女孩',
    '色彩',
    '情人节',
    '博物馆',
    '赌气的孩子',
  ],
  ...[
    '支持的人群',
    '强壮的骑士',
    '裸麦面包',
    '体操运动员',
    '艺伎画像',
    '女王',
    '淫雨霏霏',
    '嫦娥奔月',
    '小猫三只',
  ],
  ...['妙龄少女', '做客', '爱情', '麻雀', '大象', '自然', '杀青', '品茶的老人'],
];
const subjectsChinese = [
  '一只狐狸',
  '一座旧灯塔',
  '两名宇航员',
  '安静的港口',
  '小机器人',
  '夜市',
  '纸龙',
  '一群海鸥',
  '老木匠',
  '我的外婆',
];
const scenesChinese = [
  '{s}，背景是{n}，木刻风格',
  '{s}望着窗外的{n}，柔和的晨光',
  '{n}旁边有{s}，广角镜头，黄昏。',
  '画一张海报：{s}与{n}，大字标题！',
  '{s}和{n}在雨中，霓虹灯倒影',
];

export function* innocents(): Generator<string> {
  for (const subject of subjects)
    for (const word of near) for (const scene of scenes) yield `${subject} ${scene.replace('{}', word)}`;
}

export function* innocentsChinese(): Generator<string> {
  for (const s of subjectsChinese)
    for (const n of nearChinese)
      for (const scene of scenesChinese) yield scene.replace('{s}', s).replace('{n}', n);
}

/** What moderators of a Japanese server might forbid, sentences with it, and sentences that only seem to have it. */
export const japanese = {
  forbidden: ['ロリ', 'エロ', 'レイプ', 'ヤク', '殺人', '自殺', '麻薬', '児童ポルノ'],
  hidden: [
    ...[
      'ロリの絵',
      'ﾛﾘ少女',
      'ロ リ',
      'ロ・リ',
      'ロ\u200bリ',
      'エロい絵',
      'エロ画像をください',
      'レイプされる人',
    ],
    ...['殺人事件の現場', '殺 人', '自\u2060殺する人', '麻*薬を打つ', '児童ポルノ画像', 'ヤクを売る男'],
  ],
  innocent: [
    ...[
      'カロリー控えめの料理',
      'フロリダの海岸',
      'ピエロとサーカス',
      'ドレイプのあるドレス',
      'ヨーロッパの街並み',
    ],
    ...[
      'ヤクルトの工場',
      'グレイプフルーツ',
      'キロリットルのタンク',
      '黄色い花畑',
      '人気のある殺陣',
      '各自殺菌してください',
    ],
    ...['胡麻薬味のうどん', '自転車に乗る猫', 'メロンとエロール・フリン'],
  ],
};

/** Letters that look like ours: Cyrillic, Greek, Armenian, Cherokee, mathematical, circled. */
export const alike: Readonly<Record<string, readonly string[]>> = {
  a: ['а', 'α', 'ａ', '𝐚', '𝒶', 'ⓐ', 'ᴀ', '🅰', 'ạ', 'å'],
  b: ['ｂ', '𝐛', 'ⓑ', 'ʙ', 'Ь'],
  c: ['с', 'ϲ', 'ｃ', '𝐜', 'ⓒ', 'ᴄ', 'ç'],
  d: ['ԁ', 'ｄ', '𝐝', 'ⓓ', 'ᴅ', 'đ'],
  e: ['е', 'ｅ', '𝐞', 'ⓔ', 'ᴇ', 'ë', 'ę'],
  g: ['ɡ', 'ｇ', '𝐠', 'ⓖ', 'ɢ', 'ğ'],
  h: ['һ', 'ｈ', '𝐡', 'ⓗ', 'ʜ', 'ħ'],
  i: ['і', 'ı', 'ｉ', '𝐢', 'ⓘ', 'ɪ', 'í', '1', '!'],
  k: ['κ', 'ｋ', '𝐤', 'ⓚ', 'ᴋ'],
  l: ['ⅼ', 'ｌ', '𝐥', 'ⓛ', 'ʟ', 'ł', '1'],
  m: ['ｍ', '𝐦', 'ⓜ', 'ᴍ'],
  n: ['ո', 'ｎ', '𝐧', 'ⓝ', 'ɴ', 'ñ'],
  o: ['о', 'ο', 'օ', 'ｏ', '𝐨', 'ⓞ', 'ᴏ', 'ø', '0'],
  p: ['р', 'ρ', 'ｐ', '𝐩', 'ⓟ', 'ᴘ'],
  r: ['ｒ', '𝐫', 'ⓡ', 'ʀ', 'ř'],
  s: ['ѕ', 'ｓ', '𝐬', 'ⓢ', 'ꜱ', 'š', '$', '5'],
  t: ['ｔ', '𝐭', 'ⓣ', 'ᴛ', 'ţ'],
  u: ['υ', 'ս', 'ｕ', '𝐮', 'ⓤ', 'ᴜ', 'ü'],
  w: ['ԝ', 'ｗ', '𝐰', 'ⓦ', 'ᴡ'],
  x: ['х', 'ｘ', '𝐱', 'ⓧ'],
};
