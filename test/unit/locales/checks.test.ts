import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { enUS, languages, localesFolder } from '../../support/languages.js';
import { checks } from '../../support/translation.js';
import { typography } from '../../support/typography.js';

/** What all checks together say of a text in a language that has no other. */
function complaints(tag: string, key: string, words: string | undefined) {
  const texts = (words === undefined ? {} : { [key]: words }) as typeof enUS.texts;
  return Object.values(checks)
    .flatMap((check) => check({ ...enUS, tag, texts }))
    .filter((complaint) => complaint.startsWith(`${key}:`))
    .join('\n');
}

const key = 'offer.gone';

describe('the checks of a translation', () => {
  it.each([
    ['a missing text', 'zh-CN', key, undefined, 'missing'],
    ['a missing form', 'ru', 'tasks.cost.image_few', undefined, 'missing'],
    ['a text that is not there in English', 'zh-CN', 'offer.none', '没有', 'English has no such text'],
    ['an empty text', 'zh-CN', key, ' ', 'empty'],
    ['a lost placeholder', 'de', 'card.for', 'für dich', 'needs {{user}}'],
    ['an invented placeholder', 'de', key, 'Zu spät, {{name}}.', 'needs none'],
    ['a long button', 'de', 'button.again', 'Donaudampfschifffahrt'.repeat(4), 'at most 70'],
    ['a long description', 'de', 'help.description', 'Donaudampfschifffahrt'.repeat(5), 'at most 100'],
    ['a long title', 'de', 'form.title.edit', 'Donaudampfschifffahrt'.repeat(3), 'at most 45'],
    ['English that was left', 'fr', key, 'Cette offre have expiré.', '"have"'],
    ['English that was left beside other letters', 'ja', key, 'この offer は', '"offer"'],
    [
      'a text that was not translated',
      'it',
      'offer.taken',
      enUS.texts['offer.taken'],
      'the same as in English',
    ],
    ['formatting', 'it', key, '**Scaduta**', 'formatting'],
    ['dots', 'it', key, 'Scaduta...', '…'],
    ['an invisible character', 'it', key, 'Scadu\u200bta', 'nobody sees'],
    ['letters of another script', 'ko', key, '제안이 期限', 'another script'],
    ['a half-width mark', 'zh-TW', key, '已過期,請重試', 'half-width'],
    ['simplified characters', 'zh-TW', key, '这个已过期', 'simplified'],
    ['wrong quotation marks', 'ja', key, '“期限”', 'quotation marks'],
    ['a straight quotation mark', 'de', key, 'Das "Angebot"', 'straight'],
    ['a formal address', 'de', key, 'Bitte fragen Sie noch einmal.', 'formal'],
    ['no space before a mark', 'fr', key, 'Expirée!', 'narrow'],
    ['a wrong space before a colon', 'fr', key, 'Expirée : ok', 'narrow'],
    ['a question that does not begin', 'es-ES', key, 'Caducada?', '¿'],
    ['a straight apostrophe', 'fr', key, "L'offre", '’'],
    ['a hyphen for a dash', 'ru', key, 'Срок - истёк', 'dash'],
  ])('find %s (%s)', (_, tag, at, words, said) => {
    expect(complaints(tag, at, words)).toContain(said);
  });

  it('say nothing of what is right', () => {
    const right = [
      ['fr', 'L’offre est expirée\u202f: recommencez\u202f!'],
      ['es-ES', '¿La has pedido? ¡Vuelve a pedirla!'],
      ['fr', 'Commencez par «\u202f2:\u202f» pour la seconde'],
      ['de', 'Das „Angebot“ ist abgelaufen. Ob sie noch da ist?'],
      ['ja', '「期限」が切れました。もう一度お試しください。'],
      ['zh-TW', '這個「提議」已過期，請再試一次。'],
      ['ko', '제안이 만료되었습니다. 다시 요청해 주세요.'],
      ['ru', 'Срок предложения «Easel» истёк — запроси его снова.'],
      ['vi', 'Đề nghị này đã hết hạn. Hãy yêu cầu lại.'],
    ];
    for (const [tag = '', words] of right) expect(complaints(tag, key, words), tag).toBe('');
  });

  it('know every file of texts: translators read what each is for', () => {
    const page = readFileSync(new URL('../../../docs/glossary/README.md', import.meta.url), 'utf8');
    for (const name of readdirSync(join(localesFolder, 'en-US'))) expect(page).toContain(`\`${name}\``);
  });

  it('know how each language is written that Easel speaks', () => {
    const ours = languages.filter(({ tag }) => !tag.includes('-x-'));
    for (const { tag } of ours) expect(Object.keys(typography)).toContain(tag);
  });
});
