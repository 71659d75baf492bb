import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shoot, shotsFolder } from './evening/camera.js';
import { memberSteps } from './evening/member-steps.js';
import { moderatorSteps } from './evening/moderator-steps.js';
import { openParty, type Party } from './evening/party.js';
import { type Played, wordsIn } from './evening/words.js';
import { browserPath } from './kit.js';

/**
 * A scripted evening: what a member and a moderator do, step by step, and the fact on the page that each step ends in.
 * EVENING_SHOTS=folder takes a picture of each, and plays it in Chinese too. The operator's part is
 * test/integration/operator-evening.long.test.ts.
 */
const languages: readonly Played[] = shotsFolder ? ['en-US', 'zh-CN'] : ['en-US'];

describe.skipIf(!browserPath).each(languages)('an evening in %s', (locale) => {
  let party: Party;
  beforeAll(async () => {
    party = await openParty(locale);
  });
  afterAll(() => party?.close());

  const steps = [...memberSteps(wordsIn[locale]), ...moderatorSteps(wordsIn[locale])];
  const numbered = steps.map((step, at) => [`${step[0]} ${step[1]}`, step, at] as const);
  it.each(numbered)('%s', async (_, step, at) => {
    const [who, title, does, sees, elsewhere] = step;
    await does(party.guests[who]);
    await sees(party.guests[who]);
    if (elsewhere) await elsewhere[1](party.guests[elsewhere[0]]);
    await shoot(party.guests[who], `${locale}-${String(at + 1).padStart(2, '0')}-${who} ${title}`);
  });

  it('the pages reported no error and asked for nothing forbidden', () =>
    expect(party.stage.complaints).toEqual([]));
});
