import type { MessageView } from '@easel/discord-stand-in';
import { afterEach, expect, it } from 'vitest';
import { type Locale, text } from '../../src/locales/index.js';
import { until } from '../support/until.js';
import {
  asked,
  createReviewedWorld,
  hasButton,
  member,
  moderator,
  paint,
  published,
} from './review-world.js';
import { answered, delivered, saidIn, type World } from './world.js';

let world: World;
afterEach(() => world.close());

/** What each of them reads, in one language. */
interface Stage {
  readonly t: (key: Parameters<typeof text>[1], params?: Record<string, string | number>) => string;
}

type Step = readonly [
  who: 'member' | 'stranger' | 'moderator',
  what: string,
  act: (stage: Stage) => Promise<string>,
  reads: (stage: Stage) => string,
];

const said = async (asking: Promise<Parameters<typeof answered>[0]>) => saidIn(await answered(await asking));
const questions = () => world.discord.messages('desk').filter((message) => hasButton('approve')(message));
const reported = () => world.discord.messages('desk').find((message) => hasButton('dismiss')(message));
const result = () => published(world).at(-1) as MessageView;
const card = async (sent: Awaited<ReturnType<typeof paint>>, words: string) =>
  (await sent.until(({ content }) => content.includes(words))).content;
let order: Awaited<ReturnType<typeof paint>>;

const steps: readonly Step[] = [
  [
    'member',
    'orders, and reads that a moderator looks at it',
    async ({ t }) => {
      order = await paint(member(world));
      await asked(world);
      return card(order, t('card.awaitingReview'));
    },
    ({ t }) => t('card.awaitingReview'),
  ],
  [
    'stranger',
    'may not approve',
    () =>
      said(
        member(world, 'mia')
          .in('desk')
          .press(questions()[0]?.id ?? '', 'Approve'),
      ),
    ({ t }) => t('review.error.notYours'),
  ],
  [
    'moderator',
    'rejects it, and the member is told that it counts',
    async ({ t }) => {
      await moderator(world).press(questions()[0]?.id ?? '', 'Reject');
      return card(order, t('card.rejected.result'));
    },
    ({ t }) => t('card.rejected.result'),
  ],
  [
    'moderator',
    'approves the next one, and it is published',
    async () => {
      await until('the first one is closed', () => questions().length === 0);
      order = await paint(member(world), { prompt: 'an owl' });
      const question = await asked(world);
      await moderator(world).press(question.id, 'Approve');
      const { content } = await delivered(order);
      // Until it is on record, there is nothing to report.
      await expect
        .poll(async () => saidIn(await answered(await member(world).command('gallery'))))
        .toContain(result().id);
      return content;
    },
    () => 'an owl',
  ],
  [
    'stranger',
    'reports it',
    () => said(member(world, 'mia').messageCommand('Report', result().id)),
    ({ t }) => t('report.done'),
  ],
  [
    'stranger',
    'can report it once',
    () => said(member(world, 'mia').messageCommand('Report', result().id)),
    ({ t }) => t('report.error.again'),
  ],
  [
    'stranger',
    'may not delete what was reported',
    () =>
      said(
        member(world, 'mia')
          .in('desk')
          .press(reported()?.id ?? '', 'Delete result'),
      ),
    ({ t }) => t('review.error.notYours'),
  ],
  [
    'moderator',
    'blocks no one, and dismisses the report',
    async () => {
      const { id } = reported() as MessageView;
      await moderator(world).press(id, 'Dismiss');
      return (await world.discord.until((one) => one.id === id && one.components.length === 0)).content;
    },
    // All moderators read it, in the language of the server.
    () => text('en-US', 'report.dismissed', { moderator: '', when: '' }).slice(0, 12),
  ],
  [
    'member',
    'cannot star their own',
    () => said(member(world).press(result().id, '⭐')),
    ({ t }) => t('star.error.own'),
  ],
  [
    'moderator',
    'sets up a showcase',
    () =>
      said(
        member(world, 'ada').command('settings showcase', {
          channel: world.discord.world.channel('studio').id,
          stars: 2,
        }),
      ),
    ({ t }) => t('rules.showcase.on', { channel: '', stars: t('star.stars', { count: 2 }) }).slice(0, 40),
  ],
  [
    'stranger',
    'stars it, and reads how many it needs',
    () => said(member(world, 'mia').press(result().id, '⭐')),
    ({ t }) =>
      t('star.on', { count: 1, needed: 2, channel: `<#${world.discord.world.channel('studio').id}>` }),
  ],
  [
    'stranger',
    'finds it among the most starred',
    () => said(member(world, 'mia').command('gallery', { sort: 'stars' })),
    ({ t }) => t('gallery.title.stars'),
  ],
  [
    'member',
    'opts out',
    () => said(member(world).command('preferences showcase', { shown: false })),
    ({ t }) => t('preferences.changed'),
  ],
];

it.each(['en-US', 'zh-CN'] as const)(
  'member, stranger and moderators read all of review, reports and showcase in %s',
  async (locale: Locale) => {
    world = await createReviewedWorld();
    for (const name of ['ben', 'mia', 'rex', 'ada'])
      Object.assign(world.discord.world.user(name), { locale });
    const stage: Stage = { t: (key, params) => text(locale, key, params as never) };
    for (const [who, what, act, reads] of steps)
      expect(await act(stage), `${who} ${what}`).toContain(reads(stage));
    expect(published(world)).toHaveLength(1);
  },
);
