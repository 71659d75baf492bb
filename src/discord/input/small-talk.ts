import { type Locale, locales } from '../../locales/index.js';
import { isPhrase, languagesOfPhrase, saidIn, withoutPhrases } from './phrases.js';

/**
 * What a message to Easel is, if it may be no description: `help`, `thanks` and `hello` are certain; `doubt` may be a
 * prompt, so it is asked before anything is paid.
 */
export type SmallTalk = 'help' | 'thanks' | 'hello' | 'doubt';

const certain = ['help', 'thanks', 'hello'] as const;
/** In every language, and with as much of it as one likes. */
const laughter =
  /^(?:(?:h[aei]|ja|xa|ха|хе){2,}h?|k{3,}|w{2,}|5{3,}|6{3,}|lo+l|[ㅋㅎ]{2,}|[哈呵嗯]{2,}|嗯)$/u;
const particles = /[吗嗎呢啊呀啦吧了]+$/u;

const question =
  /^(?:(?:can|could|would|will|do|does|did|are|is|should|may|have|has) (?:you|i|we|it|this|that|he|she|they|there)\b|(?:why|how|what|when|where|who|which)\b|what's|how's|who's|why's|为什么|为啥|怎么|什么|谁|能不能|可不可以|可以|你能|你会|请问)/;
const asks = /(?:[?？]|吗|呢)$/;

/**
 * What the whole message is: "a hello kitty mug" and "thank you card with roses" are pictures. A member may write in any
 * language, whatever Discord speaks to them.
 * @param words a message without its mention and options.
 */
export function smallTalkIn(words: string): SmallTalk | undefined {
  const said = saidIn(words);
  const plain = said.replace(/[?？]/g, '').trim();
  if (plain === '' && words.trim() !== '') return /[?？]/.test(words) ? 'help' : 'hello';
  const addressed = addressedIn(plain);
  const told = waysToRead(plain);
  const found = certain.find((talk) => told.some((one) => isPhrase(`talk.${talk}`, one)));
  if (found) return found;
  if (laughter.test(addressed)) return 'hello';
  return question.test(plain) || asks.test(said) ? 'doubt' : undefined;
}

function addressedIn(plain: string): string {
  return plain.replace(/,? easel$/, '');
}

function waysToRead(plain: string): readonly string[] {
  const addressed = addressedIn(plain);
  return [addressed, plain, addressed.replace(particles, '')];
}

/**
 * The languages in which the whole message is a greeting, thanks or a call for help, or speaks of a picture; "hola" is
 * Spanish, "bravo" is of many. Of a reply also those in which it wishes a change: elsewhere "sin city" is a prompt.
 */
export function languagesOfTalk(words: string, isReply: boolean): readonly Locale[] {
  const told = waysToRead(saidIn(words).replace(/[?？]/g, '').trim());
  const keys = [...certain, 'picture' as const, ...(isReply ? (['change'] as const) : [])];
  return [...new Set(keys.flatMap((key) => told.flatMap((one) => languagesOfPhrase(`talk.${key}`, one))))];
}

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

/**
 * Lists that are narrow enough to take a reply without a mention for a wish. In others it may be talk among members: "ohne
 * Worte", "vẽ đẹp quá".
 */
const narrow: readonly Locale[] = ['en-US', 'zh-CN', 'zh-TW'];

/** Whether a reply without a mention is clearly meant for Easel: it wants the picture changed or animated. */
export function isWish(words: string): boolean {
  return smallTalkIn(words) === undefined && (changesIn(words, narrow) || wish.test(words.trim()));
}

/** Whether words speak of a picture that is there, as "make it run" does: without one they name nothing to paint. */
export function speaksOfPicture(words: string): boolean {
  const said = saidIn(words);
  return [said, withoutPhrases('talk.please', said)].some((one) => isPhrase('talk.picture', one));
}

/** Whether words about a picture seem to ask for a change of it, rather than say what happens in a clip. */
export function asksForChange(words: string): boolean {
  return changesIn(words, locales);
}

function changesIn(words: string, among: readonly Locale[]): boolean {
  if (motion.test(words.trim())) return false;
  const said = saidIn(words);
  return [said, withoutPhrases('talk.please', said)].some((one) =>
    languagesOfPhrase('talk.change', one).some((locale) => among.includes(locale)),
  );
}
