import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { offerIn } from '../../../../src/discord/access/guild-catalogue.js';
import {
  type Circumstances,
  isOn,
  objection,
  offKey,
  type Rules,
} from '../../../../src/discord/access/guild-policy.js';
import { privateLocale, publicLocale } from '../../../../src/discord/access/languages.js';
import { requirePolicy } from '../../../../src/discord/access/policy-check.js';
import { defaultSettings } from '../../../../src/guilds/settings.js';
import type { GenerationRequest } from '../../../../src/mps/generation-request.js';
import { anImageRequest, aVideoRequest } from '../../../support/tasks.js';
import { offer } from '../../commands/offer.js';

const [general, studio, thread] = ['1100000000000000001', '1100000000000000002', '1100000000000000003'];
const painter = '1100000000000000009';
const fox = { id: 'kling-3.0', label: 'Kling 3.0' };
const open: Rules = defaultSettings;
const strict: Rules = {
  channels: [studio],
  roles: [painter],
  modelsOff: [offKey('video', 'kling-3.0')],
  content: { image: 'anywhere', video: 'age-restricted' },
  ageLimit: { roles: [], except: [] },
};
const here: Circumstances = { channels: [general], roles: [], ageRestricted: false };

describe('the rules of a guild', () => {
  it('hold for every model that is compared, and for the clip that follows', () => {
    const rules = { ...open, modelsOff: [offKey('image', 'kling-3.0'), offKey('video', 'kling-3.0')] };
    const check = (request: GenerationRequest) => requirePolicy(rules, here, request, offer.catalogue);
    const compare = [{ model: 'hunyuan-3.0' }, { model: 'kling-3.0' }];
    expect(() => check(anImageRequest({ set: { count: 2 } }))).not.toThrow();
    expect(() => check(anImageRequest({ set: { count: 1, compare } }))).toThrow('error.policy.model');
    const thenAnimate = aVideoRequest({ model: 'kling-3.0' });
    expect(() => check(anImageRequest({ set: { count: 2 }, thenAnimate }))).toThrow('error.policy.model');
  });

  it('allow everything if none are set', () => {
    const ids = fc.array(fc.string(), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.record({ channels: ids, roles: ids, ageRestricted: fc.boolean() }),
        fc.constantFrom('image' as const, 'video' as const),
        (circumstances, kind) => {
          expect(objection(open, circumstances, kind, fox)).toBeUndefined();
        },
      ),
    );
  });

  it('name the first problem: channel, role, model, content', () => {
    const steps: readonly (readonly [Partial<Circumstances>, Partial<Rules>, string | undefined])[] = [
      [{}, {}, 'error.policy.channel'],
      [{ channels: [studio] }, {}, 'error.policy.role'],
      [{ roles: [painter] }, {}, 'error.policy.model'],
      [{}, { modelsOff: [] }, 'error.policy.content.video'],
      [{ ageRestricted: true }, {}, undefined],
    ];
    let [circumstances, rules] = [here, strict];
    for (const [more, looser, key] of steps) {
      circumstances = { ...circumstances, ...more };
      rules = { ...rules, ...looser };
      expect(objection(rules, circumstances, 'video', fox)?.key).toBe(key);
    }
  });

  it('treat a thread as its channel, and name the allowed channels and roles', () => {
    const inThread = { ...here, channels: [thread, studio], roles: [painter] };
    expect(objection({ ...strict, modelsOff: [] }, inThread, 'image', fox)).toBeUndefined();
    expect(objection(strict, here, 'image', fox)?.mentions).toEqual({ channels: [studio] });
    expect(objection(strict, { ...here, channels: [studio] }, 'image', fox)?.mentions).toEqual({
      roles: [painter],
    });
  });

  it('tell a clip model from the picture model of the same name', () => {
    const circumstances = { ...here, channels: [studio], roles: [painter] };
    expect(objection(strict, circumstances, 'image', fox)).toBeUndefined();
    expect(isOn(strict, 'video', 'kling-3.0')).toBe(false);
  });
});

describe('the language of answers', () => {
  it('is the user’s own unless the guild has chosen one', () => {
    for (const speak of [publicLocale, privateLocale]) {
      expect(speak({ language: 'follow' }, { locale: 'zh-SG' })).toBe('zh-CN');
      expect(speak({ language: 'follow' }, { locale: 'nl' })).toBe('en-US');
      expect(speak({ language: 'zh-CN' }, { locale: 'nl' })).toBe('zh-CN');
      expect(speak({ language: 'en-US' }, { locale: 'zh-CN' })).toBe('en-US');
    }
  });

  it('is the one that the user chose if only they see it, else the guild’s first', () => {
    const reader = { locale: 'nl', chosen: 'zh-CN' };
    expect(privateLocale({ language: 'en-US' }, reader)).toBe('zh-CN');
    expect(publicLocale({ language: 'en-US' }, reader)).toBe('en-US');
    expect(publicLocale({ language: 'follow' }, reader)).toBe('zh-CN');
  });

  it('is the nearest to one that was chosen and is spoken no more', () => {
    expect(privateLocale({ language: 'zh-HK' }, { locale: 'nl' })).toMatch(/^zh-/);
    expect(publicLocale({ language: 'follow' }, { locale: 'zh-CN', chosen: 'eo' })).toBe('en-US');
  });
});

describe('the catalogue of a guild', () => {
  const ids = (wishes: Parameters<typeof offerIn>[1], kind: 'image' | 'video') =>
    [...offerIn(offer, wishes).catalogue.list(kind)].map(({ id }) => id);

  it('is the operator’s catalogue if it set nothing', () => {
    const same = offerIn(offer, defaultSettings);
    expect(same.config).toEqual(offer.config);
    expect(ids(defaultSettings, 'video')).toEqual([...offer.catalogue.list('video')].map(({ id }) => id));
  });

  it('omits what is switched off, of its kind only, under any name', () => {
    const wishes = { ...defaultSettings, modelsOff: [offKey('video', 'kling-3.0')] };
    expect(ids(wishes, 'video')).not.toContain('kling-3.0');
    expect(ids(wishes, 'image')).toContain('kling-3.0');
    const { catalogue } = offerIn(offer, wishes);
    expect(catalogue.find('video', 'Kling 3.0')).toBeUndefined();
    expect(catalogue.find('image', 'Kling 3.0')?.kind).toBe('image');
  });

  it('has the guild’s defaults; a missing or disabled one falls back to the operator’s, then to the first available', () => {
    const usual = (wishes: Partial<Parameters<typeof offerIn>[1]>) =>
      offerIn(offer, { ...defaultSettings, ...wishes }).config.video;
    expect(usual({ videoModel: 'hailuo-2.3', duration: 6 })).toMatchObject({
      model: 'hailuo-2.3',
      duration: 6,
    });
    expect(usual({ videoModel: 'long-gone' }).model).toBe('kling-3.0');
    expect(usual({ videoModel: 'hailuo-2.3', modelsOff: ['video:hailuo-2.3'] }).model).toBe('kling-3.0');
    const first = ids({ ...defaultSettings, modelsOff: ['video:kling-3.0'] }, 'video')[0];
    expect(usual({ modelsOff: ['video:kling-3.0'] }).model).toBe(first);
  });
});
