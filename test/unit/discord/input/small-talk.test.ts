import { describe, expect, it } from 'vitest';
import {
  asksForChange,
  isOrder,
  isWish,
  languagesOfTalk,
  smallTalkIn,
  speaksOfPicture,
} from '../../../../src/discord/input/small-talk.js';

describe('small talk', () => {
  it.each([
    ['help', 'help'],
    ['Help!', 'help'],
    ['?', 'help'],
    ['how do I use this?', 'help'],
    ['what can you do', 'help'],
    ['怎么用？', 'help'],
    ['你能做什么', 'help'],
    ['thank you!', 'thanks'],
    ['Thanks so much :)', 'thanks'],
    ['nice one 🎉', 'thanks'],
    ['谢谢！', 'thanks'],
    ['太棒了', 'thanks'],
    ['hi', 'hello'],
    ['Hello there', 'hello'],
    ['你好', 'hello'],
    ['👍', 'hello'],
    ['can you paint a fox', 'doubt'],
    ["what's the weather like", 'doubt'],
    ['a fox?', 'doubt'],
    ['能不能画一只狐狸', 'doubt'],
    ['这是什么吗', 'doubt'],
    ['Hola!', 'hello'],
    ['Guten Morgen, Easel', 'hello'],
    ['Merhaba', 'hello'],
    ['TEŞEKKÜR EDERİM', 'thanks'],
    ['Merci beaucoup !', 'thanks'],
    ['Спасибо большое!!', 'thanks'],
    ['ありがとうございます。', 'thanks'],
    ['감사합니다', 'thanks'],
    ['Dziękuję', 'thanks'],
    ['cảm ơn bạn', 'thanks'],
    ['¿Cómo funciona?', 'help'],
    ['Comment ça marche ?', 'help'],
    ['o que você faz?', 'help'],
    ['Come funziona?', 'help'],
    ['怎麼用？', 'help'],
    ['hahaha', 'hello'],
    ['kkkkk', 'hello'],
    ['ㅋㅋㅋ', 'hello'],
    ['draußen?', 'doubt'],
  ])('%j is %s', (words, expected) => {
    expect(smallTalkIn(words)).toBe(expected);
  });

  it.each([
    'a red fox',
    'a hello kitty mug',
    'thank you card with roses',
    'a helping hand',
    'help, a cat is stuck in a tree',
    'how a clock works, cutaway drawing',
    'test pattern on an old television',
    'wow signal printed on paper',
    '雪地里的红狐狸',
    '谢谢惠顾的招牌',
    'she turns and smiles',
    'ein Schild, auf dem Danke steht',
    'un chat qui dit bonjour',
    'hola escrito con flores',
    'こんにちはと書かれた看板',
    '',
  ])('%j is none', (words) => {
    const talk = smallTalkIn(words);
    expect(talk === undefined || talk === 'doubt').toBe(true);
    if (!/^how/.test(words)) expect(talk).toBeUndefined();
  });
});

it.each([
  'make it blue',
  'Remove the hat',
  'please remove the hat',
  'change the sky to night',
  'turn it into a painting',
  'add a hat',
  '把帽子去掉',
  '请把帽子去掉',
  '换成蓝色',
  '換成藍色',
  'Entferne bitte den Hut',
  'Bitte nimm den Hut weg',
  'quita el sombrero, por favor',
  'Enlève le chapeau, s’il te plaît',
  'tira o chapéu',
  'togli il cappello',
  'Убери шляпу',
  'Proszę usuń kapelusz',
  'şapkayı kaldır lütfen',
  'bỏ cái mũ',
  '帽子を消してください',
  '모자를 지워 줘',
])('%j asks for a change', (words) => expect(asksForChange(words)).toBe(true));
it.each([
  'she turns and smiles',
  'sie dreht sich um und lächelt',
  'elle sourit',
  'ella se gira despacio',
  '彼女が振り向いて笑う',
  'it runs',
  'nice!',
  'make it snow',
  'make her slowly turn',
  '她转过身微笑',
  '它在跑',
  'the camera circles',
])('%j does not', (words) => expect(asksForChange(words)).toBe(false));

it.each([
  'make it move',
  'animate this',
  'Animate the picture, please',
  'please make him dance',
  'turn this into a painting',
  '让它动起来',
  '请让这张图动起来',
  '把这张图换成海边',
  '讓它動起來',
  'Mach es blau',
  'animiere das Bild',
  'anímalo',
  'haz que se mueva',
  'Anime-la !',
  'anima la foto',
  'この画像を動かして',
  '움직여줘',
  'ożyw to',
  'anime isso',
  'Оживи фото',
  'bunu hareket ettir',
  'làm nó chạy',
])('%j speaks of a picture that is there', (words) => expect(speaksOfPicture(words)).toBe(true));
it.each([
  'a red fox',
  'fais la tour Eiffel en pixel art',
  'rends les montagnes majestueuses',
  'make the image of a red dragon',
  'make this: a red fox in the snow',
  'let it snow, cosy village at night',
  'mach das Bild von einem Fuchs',
  'resmi kıyafetli bir kedi yap',
  'fallo di rigore, stadio notturno',
  'hazlo: un zorro rojo',
  'この絵を描いて、赤い狐',
  '给照片墙画一幅猫',
  'an animated fox that makes it rain',
  'the picture of Dorian Gray',
  'letters made of ice',
  'draw a red fox',
  'without a moon',
  'in the style of Monet',
  'une fille qui rend le monde meilleur',
  'ein Bild, das es schneien lässt',
  '一只让人开心的狐狸',
  '红色的狐狸，把玩着球',
  'лиса, которая оживила лес',
])('%j does not', (words) => expect(speaksOfPicture(words)).toBe(false));

it.each(['make it run', 'let her smile', 'the camera circles', '让它跑起来', 'add a hat', '换成蓝色'])(
  '%j is an order',
  (words) => expect(isWish(words)).toBe(true),
);
it.each([
  'nice!',
  'my cat looks like that',
  'can you make it blue',
  'so cute',
  '好可爱',
  '我也想要',
  'ohne Worte',
  'sans commentaire',
  'más o menos',
  'vẽ đẹp quá',
])('%j is neither', (words) => expect(isWish(words)).toBe(false));

it.each([
  'draw me a red fox',
  'Paint the harbour at dawn',
  'please make me a picture of a fox',
  'generate an image of two owls',
  '帮我画一只狐狸',
  '画一张雪景',
  '画一座海边的小屋',
  '来一张海边日落',
])('%j orders a picture', (words) => expect(isOrder(words)).toBe(true));
it.each([
  'a red fox',
  'draw!',
  'paint dries slowly',
  'make a wish',
  'can you draw a fox',
  '画得真好',
  '画风不错',
  '来吧',
])('%j may be none', (words) => expect(isOrder(words)).toBe(false));

it.each([
  ['hola', false, ['es-ES']],
  ['Merhaba, Easel!', false, ['tr']],
  ['¿cómo funciona?', false, ['es-ES']],
  ['entferne den Hut', true, ['de']],
  ['sin city at night', false, []],
  ['anime cette image', false, ['fr']],
  ['làm ảnh này chuyển động', false, ['vi']],
  ['a red fox', true, []],
])('%j, in a reply: %j, is said in %j', (words, isReply, languages) =>
  expect(languagesOfTalk(words, isReply)).toEqual(languages),
);
it('may be said in several languages', () => {
  expect(languagesOfTalk('bravo', false)).toEqual(expect.arrayContaining(['es-ES', 'fr', 'it']));
});
