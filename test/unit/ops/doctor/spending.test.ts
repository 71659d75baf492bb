import { describe, expect, it } from 'vitest';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { imageModels } from '../../../../src/mps/catalogue/image-models.js';
import { videoModels } from '../../../../src/mps/catalogue/video-models.js';
import { describeSpending, spendingOf } from '../../../../src/ops/doctor/spending.js';

/** Pictures cost 0.2 to 0.5, a second of a clip 1 to 2. */
const catalogue = createCatalogue({
  currency: 'CNY',
  models: [
    ...imageModels.map((rules, i) => ({ ...rules, price: [{ amount: i === 0 ? 0.5 : 0.2 }] })),
    ...videoModels.map((rules, i) => ({ ...rules, price: [{ amount: i === 0 ? 2 : 1 }] })),
  ],
});
const config = (
  ceiling: Record<string, number>,
  { guildIds = [] as string[], dms = true, userInstalls = true, video = true } = {},
) => ({
  quota: { ceiling, timeZone: 'UTC' },
  access: { guildIds, dms, userInstalls },
  image: { enabled: true },
  video: { enabled: video },
});
const said = (...args: Parameters<typeof config>) => describeSpending(spendingOf(config(...args), catalogue));

describe('what a day can cost at most', () => {
  it('is a money limit, or pictures and seconds at their highest price, whichever is less', () => {
    expect(said({ QUOTA_TOTAL_COST_DAY: 25 })).toBe('a day can cost 25.00 CNY at most');
    const amounts = { QUOTA_TOTAL_IMAGES_DAY: 10, QUOTA_TOTAL_SECONDS_DAY: 4 };
    expect(said(amounts)).toBe('a day can cost 13.00 CNY at most');
    expect(said({ ...amounts, QUOTA_TOTAL_COST_DAY: 12 })).toBe('a day can cost 12.00 CNY at most');
    expect(said({ QUOTA_TOTAL_COST_MONTH: 300 })).toBe('a day can cost 300.00 CNY at most');
  });

  it('is unknown if only one kind is limited, unless the other is switched off', () => {
    expect(said({ QUOTA_TOTAL_IMAGES_DAY: 10 })).toContain('but none on everything together');
    expect(said({ QUOTA_TOTAL_IMAGES_DAY: 10 }, { video: false })).toBe('a day can cost 5.00 CNY at most');
  });

  it('is that of all servers if only some are allowed and orders are limited to them', () => {
    const ceiling = { QUOTA_GUILD_COST_DAY: 7 };
    const guildIds = ['1', '2'];
    expect(said(ceiling, { guildIds, dms: false, userInstalls: false })).toContain('14.00 CNY at most');
    expect(said(ceiling, { guildIds })).toContain('but none on everything together');
  });

  it('is that of each user if no total is set', () => {
    expect(said({ QUOTA_USER_COST_DAY: 3 })).toBe(
      'a day can cost 3.00 CNY at most for each user; nothing limits all of them together',
    );
  });

  it('names models without a price, and says so if there is no limit or no price at all', () => {
    expect(said({ QUOTA_GUILD_OPEN: 3 })).toMatch(/^nothing limits spending: /);
    const plain = createCatalogue();
    const ceiling = { QUOTA_TOTAL_COST_DAY: 25 };
    expect(describeSpending(spendingOf(config(ceiling), plain))).toContain('once MODELS_FILE has prices');
    const [first, ...others] = imageModels;
    if (!first) throw new Error('there are no models');
    const some = createCatalogue({
      currency: 'CNY',
      models: [...others, ...videoModels].map((rules) => ({ ...rules, price: [{ amount: 1 }] })),
    });
    expect(describeSpending(spendingOf(config(ceiling), some))).toMatch(/, without .+, which has no price$/);
  });
});
