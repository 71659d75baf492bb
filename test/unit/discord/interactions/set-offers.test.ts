import { describe, expect, it } from 'vitest';
import { offersOfSet } from '../../../../src/discord/interactions/set-offers.js';
import { UserError } from '../../../../src/errors.js';
import { createCatalogue } from '../../../../src/mps/catalogue/catalogue.js';
import { createsOf, type GenerationRequest, type SetWish } from '../../../../src/mps/generation-request.js';
import { adaptedAs } from '../../../../src/mps/parameters/compared-fixes.js';
import type { Refusal } from '../../../../src/quota/check.js';
import { QuotaError } from '../../../../src/tasks/accounting/quota-error.js';
import { createOrderCosts } from '../../../../src/tasks/lifecycle/order-costs.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';

const catalogue = createCatalogue({ extra: ['mj-v7'] });
const costsOf = createOrderCosts({
  catalogue,
  enabled: { image: true, video: true },
  additional: true,
  defaults: {},
});
const several = (set: SetWish, more = {}) =>
  anImageRequest({ ...more, ...(set.compare?.[0] && { model: set.compare[0].model }), set });
const comparing = (...models: string[]) => models.map((model) => ({ model }));

/** The offers of a refusal at admission; each of them is taken there. */
function refused(request: GenerationRequest, mostResults = 9) {
  const place = (one: GenerationRequest) => costsOf(one, { offered: catalogue, mostResults });
  try {
    place(request);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const offers = offersOfSet(error, request, catalogue).flatMap(({ label, choice }) =>
      'request' in choice ? [{ label, request: choice.request }] : [],
    );
    for (const { request: offered } of offers) place(offered);
    return offers;
  }
  throw new Error('It is taken.');
}

const labelled = (offers: ReturnType<typeof refused>) =>
  offers.map(({ label: { key, params, values } }) => [
    key,
    ...(params ? [params.count] : []),
    ...(values ?? []),
  ]);
const madeBy = (request: GenerationRequest | undefined) =>
  request ? createsOf(request).map(({ model }) => model) : [];

describe('an order of more results than one may have', () => {
  it('is offered with as many as it may', () => {
    const offers = refused(several({ count: 9 }), 4);
    expect(labelled(offers)).toEqual([['button.fewer.image', 4]]);
    expect(offers[0]?.request.set).toEqual({ count: 4 });
    const [one] = refused(several({ count: 2 }), 1);
    expect(one?.request).not.toHaveProperty('set');
  });

  it('keeps all its models as long as each can make one, else the first of them', () => {
    const compare = comparing('hunyuan-3.0', 'kling-3.0', 'qwen-0925');
    const [fewer] = refused(several({ count: 3, compare }), 7);
    expect(fewer?.request.set).toEqual({ count: 2, compare });
    const offers = refused(several({ count: 1, compare }), 2);
    expect(labelled(offers)).toEqual([['button.fewer.models', 2, 'Hunyuan 3.0', 'Kling 3.0']]);
    expect(madeBy(offers[0]?.request)).toEqual(['hunyuan-3.0', 'kling-3.0']);
    const [single] = refused(several({ count: 1, compare }), 1);
    expect(single?.request).toMatchObject({ model: 'hunyuan-3.0' });
    expect(single?.request).not.toHaveProperty('set');
  });

  it('counts a model that always makes four as four', () => {
    const offers = refused(several({ count: 2, compare: comparing('mj-v7', 'hunyuan-3.0') }));
    expect(labelled(offers)).toEqual([['button.fewer.image', 5]]);
    expect(labelled(refused(several({ count: 3 }, { model: 'mj-v7' })))).toEqual([['button.fewer.image', 8]]);
  });

  it('takes a pick along only if that picture is still there', () => {
    const thenAnimate = aVideoRequest({ prompt: 'it runs' });
    const [later] = refused(several({ count: 6, pick: 5 }, { thenAnimate }), 4);
    expect(later?.request).toMatchObject({ set: { count: 4 }, thenAnimate });
    expect(later?.request.set).not.toHaveProperty('pick');
    const [kept] = refused(several({ count: 6, pick: 3 }, { thenAnimate }), 4);
    expect(kept?.request.set).toEqual({ count: 4, pick: 3 });
    expect(labelled(refused(several({ count: 2, pick: 3 }, { thenAnimate })))).toEqual([
      ['button.pickLater'],
    ]);
    expect(labelled(refused(several({ count: 1, pick: 2 }, { thenAnimate })))).toEqual([['button.without']]);
  });

  it('may have three clips', () => {
    const compare = comparing('kling-3.0', 'kling-2.1', 'hailuo-2.3', 'kling-3.0-omni');
    const request = { ...aVideoRequest({ model: 'kling-3.0' }), set: { count: 1, compare } };
    const { duration: _duration, ...undated } = request;
    expect(labelled(refused(undated))[0]?.slice(0, 2)).toEqual(['button.fewer.models', 3]);
  });
});

describe('what one compared model cannot take', () => {
  it('is left out there, or that model is', () => {
    const compare = comparing('hunyuan-3.0', 'kling-3.0');
    const offers = refused(several({ count: 2, compare }, { resolution: '2K' }));
    expect(labelled(offers)).toEqual([['button.without.there'], ['button.without.model', 1]]);
    expect(offers[0]?.request.set?.compare).toEqual([
      { model: 'hunyuan-3.0', without: ['resolution'] },
      { model: 'kling-3.0' },
    ]);
    expect(offers[1]?.request).toMatchObject({ model: 'kling-3.0', resolution: '2K', set: { count: 2 } });
  });

  it('is replaced there by the nearest value', () => {
    const compare = comparing('hunyuan-3.0', 'qwen-0925');
    const offers = refused(several({ count: 1, compare }, { size: '2048x2048' }));
    expect(labelled(offers)[0]).toEqual(['button.use.there', '1024x1024']);
    expect(offers[0]?.request.set?.compare?.[0]).toEqual({
      model: 'hunyuan-3.0',
      use: { size: '1024x1024' },
    });
    expect(createsOf(offers[0]?.request ?? anImageRequest())).toMatchObject([
      { size: '1024x1024' },
      { size: '2048x2048' },
    ]);
  });

  it('offers a model that exists in place of one that does not, but names nothing the user typed', () => {
    const offers = refused(several({ count: 1, compare: comparing('kling-3.0', 'klingg') }));
    expect(labelled(offers)).toEqual([
      ['button.use.there', 'Hunyuan 3.0'],
      ['button.without.model', 1],
    ]);
    expect(madeBy(offers[0]?.request)).toEqual(['kling-3.0', 'hunyuan-3.0']);
    expect(madeBy(offers[1]?.request)).toEqual(['kling-3.0']);
  });

  it('need not be accepted again when the order is edited', () => {
    const compare = comparing('hunyuan-3.0', 'kling-3.0');
    const typed = several({ count: 1, compare }, { resolution: '2K' });
    const [accepted] = refused(typed);
    const base = accepted?.request;
    const edited = { ...typed, prompt: 'a fox in snow' };
    expect(adaptedAs(edited, base, catalogue).set).toEqual(base?.set);
    const plain = several({ count: 1, compare });
    expect(adaptedAs(plain, base, catalogue)).toEqual(plain);
    const changed = { ...typed, resolution: '4K' };
    expect(adaptedAs(changed, base, catalogue)).toEqual(changed);
  });
});

describe('an order that the quota does not allow', () => {
  const limit = { scope: 'user', measure: 'image.day' } as const;
  const offered = (request: GenerationRequest, together?: number) => {
    const refusal = { limit, max: 5, left: 3, used: 2, need: 4, together } as unknown as Refusal;
    const error = new UserError({ key: 'quota.fits.alone' }, { cause: new QuotaError(refusal) });
    return offersOfSet(error, request, catalogue).flatMap(({ label, choice }) =>
      'request' in choice ? [{ label, request: choice.request }] : [],
    );
  };

  it('is offered with as many as fit', () => {
    const offers = offered(several({ count: 4 }), 3);
    expect(labelled(offers)).toEqual([['button.fewer.image', 3]]);
    expect(offers[0]?.request.set).toEqual({ count: 3 });
    expect(offered(several({ count: 4 }))).toEqual([]);
  });

  it('never has a Create that is not among those that fit', () => {
    const compare = comparing('hunyuan-3.0', 'kling-3.0', 'qwen-0925');
    const request = several({ count: 3, compare });
    const all = madeBy(request);
    for (let fits = 1; fits < all.length; fits++) {
      const [offer] = offered(request, fits);
      const left = all.slice(0, fits);
      for (const model of madeBy(offer?.request)) {
        expect(left).toContain(model);
        left.splice(left.indexOf(model), 1);
      }
    }
    expect(madeBy(offered(request, 5)[0]?.request)).toHaveLength(4);
    expect(madeBy(offered(request, 4)[0]?.request)).toEqual(Array(3).fill('hunyuan-3.0'));
  });

  it('leaves the clip out if only that is too much, or if it would be paid for at once', () => {
    const thenAnimate = aVideoRequest({ prompt: 'it runs' });
    const request = several({ count: 2, pick: 1 }, { thenAnimate });
    const [alone] = offered(request, 2);
    expect(alone).toMatchObject({ label: { key: 'button.withoutClip' }, request: { set: { count: 2 } } });
    expect(alone?.request).not.toHaveProperty('thenAnimate');
    expect(offered(request, 1)[0]?.request).not.toHaveProperty('thenAnimate');
    const [later] = offered(several({ count: 3, pick: 1 }, { thenAnimate }), 2);
    expect(later?.request).toMatchObject({ set: { count: 2 }, thenAnimate });
    expect(later?.request.set).not.toHaveProperty('pick');
  });
});
