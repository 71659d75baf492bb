/**
 * How each language is written, as data: what a translator's slip looks like. The rules see a text without its
 * placeholders, commands, options, addresses and times, each of which is a `•` there.
 */
export interface Rule {
  readonly what: string;
  readonly wrong: RegExp;
}

/** Scripts that the letters of a language have; Latin is always allowed, for names. */
export const scripts: Readonly<Record<string, string>> = {
  ja: '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー',
  ko: '\\p{Script=Hangul}',
  ru: '\\p{Script=Cyrillic}',
  'zh-CN': '\\p{Script=Han}',
  'zh-TW': '\\p{Script=Han}',
};

const cjk = '[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}]';

const everywhere: readonly Rule[] = [
  { what: 'three dots instead of …', wrong: /\.\.\./ },
  { what: 'two spaces', wrong: /[ \u00a0\u202f]{2}/ },
  { what: 'a space at the start or end', wrong: /^[\s\u00a0\u202f]|[\s\u00a0\u202f]$/ },
  { what: 'a character that nobody sees', wrong: /[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]/ },
];

const curlyApostrophe = { what: "' instead of ’", wrong: /\p{L}'\p{L}/u };
const noStraightQuotes = { what: 'a straight quotation mark', wrong: /"/ };
/** No space belongs before these where it is not French. */
const closeMarks = { what: 'a space before a mark', wrong: /[\s\u00a0\u202f][,.;:!?](?=\s|$)/ };
const latinMarks = [closeMarks, { what: 'a full-width mark', wrong: /[，。！？：；（）「」『』]/ }];
const only = (marks: string, wrong: RegExp): Rule => ({ what: `quotation marks other than ${marks}`, wrong });

const fullWidth: readonly Rule[] = [
  {
    what: 'a half-width mark beside a full-width character',
    wrong: new RegExp(`${cjk}[,.!?:;()]|[,!?:;()]${cjk}`, 'u'),
  },
  {
    what: 'a space beside a full-width mark',
    wrong: / [，。！？：；（）「」『』、]|[，。！？：；（）「」『』、] /,
  },
];
/** Common characters that only one of the two Chinese scripts has. */
export const simplifiedOnly =
  /[们个这图时发会对务复选择显请为过还种问题业东两严丢临举义习书买乱争于亏产亲从仅仓价众优伤传体余侧偿储儿兑党关兴写冲决况净减凭击则刚创删别剧办劳势动励协单卖卫压厅历参双变叙号吗听启员响团园围国场坏块处备够头夹夺奖妇学宁实审宽对导将尔层属岁币师带帮广库应废开异弃张强归当录彻径态总恶惊愿戏户执扩扫扬护报担拟拥拦挂挡损换据断无旧显暂术机杂权条来极构枪标树样桥检楼档欢残毁毕气汇沟没浅测浏润涨温湾满灭灯炉点热爱状独狱环现电画畅疗监盘着码确离积称稳穷竞笔签简类粮紧纠红约级纪纯纸线练组细终经结给绘络绝统继绩续维综绿缓编缩网罚罢罗职联聊脑节药获营虑虽补装见观规视览觉触计订认讨让训议讯记讲许论设访证评识诉词试话询该详语误说请读课调谁谈谢谱贝负贡财责败账货质贩购贴贵费资赏赛赞输轻载较辑边达过运还进远违连迟适递逻遗释里针钟钮钱铁链锁错键镇长门闭问闲间闻队阳阴阶际陆险随隐难静须顶项顺预领频题额颜风飞饭饮馆验骗黄点齐]/u;

/** Marks of each language; what is missing here has only the rules for all. */
export const typography: Readonly<Record<string, readonly Rule[]>> = {
  'en-US': latinMarks,
  'zh-CN': [...fullWidth, noStraightQuotes, only('“”', /[「」『』«»„]/)],
  'zh-TW': [
    ...fullWidth,
    noStraightQuotes,
    only('「」', /[“”«»„]/),
    { what: 'a simplified character', wrong: simplifiedOnly },
  ],
  ja: [...fullWidth, noStraightQuotes, only('「」', /[“”«»„]/)],
  ko: [...latinMarks, noStraightQuotes, only('“” or ‘’', /[«»„「」]/)],
  de: [
    ...latinMarks,
    noStraightQuotes,
    curlyApostrophe,
    only('„“', /[«»”「」]/),
    {
      what: 'formal address (Sie)',
      wrong: /(?<=[\p{L}\d,] )(Sie|Ihr|Ihre|Ihren|Ihrem|Ihrer|Ihnen)(?!\p{L})/u,
    },
  ],
  fr: [
    noStraightQuotes,
    curlyApostrophe,
    only('« »', /[“”„「」]/),
    { what: 'no narrow no-break space before ; ! ?', wrong: /(?<!\u202f)[;!?](?=[\s)]|$)/ },
    { what: 'no narrow no-break space before :', wrong: /(?<!\u202f):(?=[\s)]|$)/ },
    { what: 'no narrow no-break space inside « »', wrong: /«(?!\u202f)|(?<!\u202f)»/ },
    { what: 'a space before . or ,', wrong: /[\s\u00a0\u202f][.,](?=\s|$)/ },
    { what: 'tu instead of vous', wrong: /(?<![\p{L}’])(tu|toi|ton|tes)(?!\p{L})/iu },
  ],
  'es-ES': [
    ...latinMarks,
    noStraightQuotes,
    only('«»', /[“”„「」]/),
    { what: '? without ¿', wrong: /^[^¿]*\?|\?[^¿]*\?/ },
    { what: '! without ¡', wrong: /^[^¡]*!|![^¡]*!/ },
  ],
  'pt-BR': [...latinMarks, noStraightQuotes, only('“”', /[«»„「」]/)],
  it: [...latinMarks, noStraightQuotes, curlyApostrophe, only('«»', /[“”„「」]/)],
  ru: [
    closeMarks,
    noStraightQuotes,
    only('«»', /[“”「」]/),
    { what: 'a hyphen instead of a dash', wrong: / - / },
  ],
  pl: [
    ...latinMarks,
    noStraightQuotes,
    only('„”', /[«»“「」]/),
    { what: 'a hyphen instead of a dash', wrong: / - / },
  ],
  tr: [...latinMarks, noStraightQuotes, curlyApostrophe, only('“”', /[«»„「」]/)],
  vi: [...latinMarks, noStraightQuotes, only('“”', /[«»„「」]/)],
};

/** What a language must keep to in one text. */
export function rulesOf(tag: string): readonly Rule[] {
  const script = scripts[tag] ?? '';
  const letters = new RegExp(`(?![\\p{Script=Latin}${script}])\\p{L}`, 'u');
  return [...everywhere, ...(typography[tag] ?? []), { what: 'a letter of another script', wrong: letters }];
}
