/**
 * What a message to Easel is, if it may be no description: `help`, `thanks` and `hello` are certain; `doubt` may be a
 * prompt, so it is asked before anything is paid.
 */
export type SmallTalk = 'help' | 'thanks' | 'hello' | 'doubt';

/** Whole messages only: "a hello kitty mug" and "thank you card with roses" are pictures. */
const certain: readonly (readonly [SmallTalk, RegExp])[] = [
  [
    'help',
    /^(?:(?:please )?help(?: me)?(?: please)?|commands?|usage|info|how (?:do|can|should) (?:i|we|you) (?:use|do|start|begin)(?: (?:this|it|you|that))?|how does (?:this|it) work|what (?:can|do) you do|what (?:is|are) (?:this|you)|who are you|帮助|帮帮我|怎么用|怎么玩|如何使用|使用(?:方法|说明)|说明|你会(?:做)?(?:什么|啥)|你(?:能|可以)(?:做|干)?(?:什么|啥)|你是谁|有(?:什么|哪些)功能|命令)(?:吗|呢|啊|呀)?$/,
  ],
  [
    'thanks',
    /^(?:(?:many )?thanks?(?: (?:you|a lot|a bunch|so much|very much))*|thx|ty|tysm|cheers|good (?:bot|job|work)|nice(?: one| work| job| bot)?|well done|great(?: job| work)?|awesome|amazing|perfect|beautiful|cool|wow|i? ?love (?:it|this)|(?:太|好|很)?(?:谢谢|感谢|多谢)(?:你|您|啦|了|大家)*|辛苦了?|(?:太|真|好|很)(?:棒|好看|漂亮|美|酷|厉害|可爱)(?:了|啊|啦)?|厉害|不错|好看|漂亮|牛|赞|666+)$/,
  ],
  [
    'hello',
    /^(?:hi|hello|hey|yo|hiya|good (?:morning|evening|night|afternoon)|tests?|testing|ping|ok(?:ay)?|yes|no|lol|ha(?:ha)+|bye|你好|您好|嗨|哈喽|早上好|早|晚上好|晚安|在吗|测试|好的?|嗯+|是的?|不是?|哈哈+|再见)(?: (?:there|easel|bot))?(?:啊|呀)?$/,
  ],
];

const question =
  /^(?:(?:can|could|would|will|do|does|did|are|is|should|may|have|has) (?:you|i|we|it|this|that|he|she|they|there)\b|(?:why|how|what|when|where|who|which)\b|what's|how's|who's|why's|为什么|为啥|怎么|什么|谁|能不能|可不可以|可以|你能|你会|请问)/;
const asks = /(?:[?？]|吗|呢)$/;

/** @param words a message without its mention and options. */
export function smallTalkIn(words: string): SmallTalk | undefined {
  const said = words
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[^\p{L}\p{N}'?？\s]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const plain = said.replace(/[?？]/g, '').trim();
  if (plain === '' && words.trim() !== '') return /[?？]/.test(words) ? 'help' : 'hello';
  const addressed = plain.replace(/,? easel$/, '');
  const found = certain.find(([, pattern]) => pattern.test(addressed) || pattern.test(plain));
  if (found) return found[0];
  return question.test(plain) || asks.test(said) ? 'doubt' : undefined;
}

const change =
  /^(?:please |now |can you |could you )*(?:make (?:it|him|her|them|the|this|that|a)|change|turn (?:it|him|her|them|the|this|that)\b.* into|replace|remove|delete|erase|add|put|give (?:it|him|her|them|the)|recolou?r|swap|crop|fix|edit|redraw|draw|paint|without|in the style of|brighter|darker|more |less )/i;
const chineseChange =
  /(?:把.*(?:换|改|变|去|删|加|涂|画)|(?:换|改|变|画|涂)成|改为|去掉|删掉|删除|去除|加上|加个|加一|添加|替换|修改|换个|换一|不要|[pP]掉|[pP]上)/;

/** "make it snow" says what happens: that is a clip. */
const motion =
  /^(?:please |now )*make (?:it|him|her|them|this|that|the \w+) (?:\w+ly )?(?:run|walk|move|dance|snow|rain|fly|jump|wave|blink|spin|turn|smile|laugh|talk|speak|sing|swim|fall|explode|burn|rotate|zoom|come|go|play|sleep|wink|nod|breathe|glow|flicker|drift|float|grow|melt|race|roar|bark)\b/i;

const wish =
  /^(?:please |now )*(?:make|let|have) (?:it|him|her|them)\b|^(?:animate|zoom|the camera)\b|^(?:让|使)[它他她]|^镜头/i;

const order =
  /^(?:please |now )*(?:draw|paint|sketch|illustrate|imagine)(?: me| us)? (?:an?|the|some|my|our|two|three|\d+)\b|^(?:please |now )*(?:make|create|generate)(?: me| us)? (?:an?|the|some) (?:\w+ )?(?:picture|image|painting|drawing|photo|portrait|poster|logo)\b/i;
const chineseOrder =
  /^(?:请|麻烦你?|帮我|给我|为我)+(?:画|绘制|生成|做)|^(?:画|生成|来)(?:[一二两三几\d]+)?[个张幅只条座头朵艘辆棵位匹间栋群片]/;

/** Whether words without a picture name what to paint as an order: "draw a red fox". */
export function isOrder(words: string): boolean {
  const said = words.trim();
  return smallTalkIn(said) === undefined && (order.test(said) || chineseOrder.test(said));
}

/** Whether a reply without a mention is clearly meant for Easel: it wants the picture changed or animated. */
export function isWish(words: string): boolean {
  return smallTalkIn(words) === undefined && (asksForChange(words) || wish.test(words.trim()));
}

/** Whether words about a picture seem to ask for a change of it, rather than say what happens in a clip. */
export function asksForChange(words: string): boolean {
  const said = words.trim();
  return (change.test(said) && !motion.test(said)) || chineseChange.test(said);
}
