import type { CosSettingsInput } from '@easel/cos-stand-in';
import { createCosStandIn } from '@easel/cos-stand-in';
import type { Invocation } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { examine } from '../../src/app/doctor-checks.js';
import type { Environment } from '../../src/config/config.js';
import { text } from '../../src/locales/index.js';
import type { Finding } from '../../src/ops/doctor/finding.js';
import { paint } from '../support/images.js';
import { until } from '../support/until.js';
import { type BucketWorld, createBucketWorld } from './bucket-world.js';
import { answered, createWorld, delivered, isResult, type World } from './world.js';

type Right = NonNullable<CosSettingsInput['denied']>[number]['right'];
const deny = (right: Right, prefix = '') => ({ denied: [{ right, prefix }] });

describe('SOURCE_HOST=auto', () => {
  let world: BucketWorld;
  afterEach(() => world.close());

  const ben = () => world.discord.actor('ben', 'general');
  const animate = async (type: 'png' | 'webp') => {
    const bytes = await paint(480, 320)[type]().toBuffer();
    return ben().command('animate', { prompt: 'it runs', image: { filename: `fox.${type}`, bytes } });
  };
  const triedOut = () =>
    until('it was tried out', () => world.cos.records.some(({ key }) => key === 'easel-sources/trial.png'));
  const asked = (at = 0) => JSON.stringify(world.mps.tasks[at]?.params ?? '');
  const toldBy = async () => (await answered(await ben().command('privacy show'))).content;

  it('sends pictures through the bucket once it can be written to, and leaves none', async () => {
    world = await createBucketWorld();
    await until('the trial is over', () =>
      world.cos.records.some(({ method, status }) => method === 'DELETE' && status === 204),
    );
    expect(await toldBy()).toContain('kept in that storage too');
    for (const type of ['png', 'webp'] as const) await delivered(await animate(type));
    for (const at of [0, 1]) expect(asked(at)).toContain(`${world.cos.url}/easel-sources/`);
    await until(
      'they are gone',
      () => ![...world.cos.objects.keys()].some((key) => key.startsWith('easel-sources/')),
    );
  });

  it("leaves them with Discord if the bucket can't be written to, and says so", async () => {
    world = await createBucketWorld({}, { settings: deny('cos:PutObject') });
    await triedOut();
    expect(await toldBy()).toContain('fetched from Discord');
    for (const type of ['png', 'webp'] as const) await delivered(await animate(type));
    for (const at of [0, 1]) {
      expect(asked(at)).toContain('attachments/');
      expect(asked(at)).not.toContain('easel-sources');
    }
  });

  it('falls back to Discord for a picture that the bucket refuses, and loses no order', async () => {
    world = await createBucketWorld();
    await until('the trial is over', () =>
      world.cos.records.some(({ method, status }) => method === 'DELETE' && status === 204),
    );
    world.cos.settings.update(deny('cos:PutObject', 'easel-sources/'));
    for (const type of ['png', 'webp'] as const) await delivered(await animate(type));
    for (const at of [0, 1]) expect(asked(at)).toContain('attachments/');
  });
});

describe('a private picture that has to be converted', () => {
  let world: World;
  afterEach(() => world.close());
  const hint = text('en-US', 'card.sourcesShown');
  const animate = async (person: string, type: 'png' | 'webp', options = {}) => {
    const bytes = await paint(480, 320)[type]().toBuffer();
    const image = { filename: `fox.${type}`, bytes };
    return world.discord
      .actor(person, 'general')
      .command('animate', { prompt: 'it runs', image, ...options });
  };
  /** Every card of an order in progress, and then its result. */
  const cardsOf = async (invocation: Invocation) => {
    const cards: string[] = [];
    await invocation.until((message) => {
      cards.push(message.content);
      return isResult(message);
    });
    return cards.join('\n');
  };

  it('hangs on the card without a bucket: the card says so to each user once, and the result no more', async () => {
    world = await createWorld({ mps: { durations: { video: [0.5, 0.6] } } });
    const first = await animate('ben', 'webp');
    await first.until(({ content }) => content.includes(hint));
    const result = await delivered(first);
    expect(result.content).not.toContain(hint);
    expect(await cardsOf(await animate('ben', 'webp'))).not.toContain(hint);
    expect(await cardsOf(await animate('ada', 'png'))).not.toContain(hint);
    await (await animate('ada', 'webp', { private: true })).until(({ content }) => content.includes(hint));
  });

  it('is stored in the bucket if there is one, and on no card', async () => {
    const own = await createBucketWorld({ env: { SOURCE_HOST: 'cos' } });
    world = own;
    expect(await cardsOf(await animate('ben', 'webp'))).not.toContain(hint);
    expect(JSON.stringify(own.mps.tasks[0]?.params)).toContain('/easel-sources/');
  });
});

describe("the doctor's bucket check", () => {
  const nobody: Environment = {
    DISCORD_TOKEN: 'a.b.c',
    DISCORD_API_URL: 'http://127.0.0.1:9/api',
    MPS_ENDPOINT: 'http://127.0.0.1:9',
    STORE_URL: 'sqlite::memory:',
    VIDEO_ENABLED: 'false',
  };

  async function consult(settings: CosSettingsInput = {}, env: Environment = {}) {
    const cos = await createCosStandIn({ settings });
    try {
      const findings = await examine(
        {
          ...nobody,
          TENCENTCLOUD_SECRET_ID: cos.secretId,
          TENCENTCLOUD_SECRET_KEY: cos.secretKey,
          COS_BUCKET: cos.bucket,
          COS_REGION: cos.region,
          COS_ENDPOINT: cos.url,
          ...env,
        },
        { nodeVersion: '24.1.0' },
      );
      return { findings, cos };
    } finally {
      await cos.close();
    }
  }
  const of = (findings: readonly Finding[], check: string) =>
    findings.filter((finding) => finding.check === check);

  it("puts, reads, lists and removes an object where results and pictures are stored, and names what it can't check", async () => {
    const { findings, cos } = await consult();
    expect(of(findings, 'COS bucket').map(({ level, said }) => [level, said])).toEqual([
      ['ok', 'objects can be put, read, listed and removed under aigc-output/'],
      ['ok', 'objects can be put, read and removed under easel-sources/'],
    ]);
    expect(of(findings, 'MPS role')[0]?.said).toMatch(/cannot be checked.*MPS_QcsRole/);
    expect(of(findings, 'SOURCE_HOST')).toMatchObject([
      { level: 'ok', said: expect.stringContaining('bucket') },
    ]);
    expect(cos.objects.size).toBe(0);
    expect(new Set(cos.records.map(({ right }) => right))).toEqual(
      new Set(['cos:PutObject', 'cos:GetObject', 'cos:GetBucket', 'cos:DeleteObject']),
    );
  });

  it.each(['cos:PutObject', 'cos:GetObject', 'cos:GetBucket', 'cos:DeleteObject'] as const)(
    'names %s if it is missing, and shows the policy',
    async (right) => {
      const { findings } = await consult(deny(right, right === 'cos:GetBucket' ? '' : 'aigc-output/'));
      const [found] = of(findings, 'COS bucket').filter(({ level }) => level === 'fail');
      expect(found?.said).toBe(`the API key lacks ${right} under aigc-output/`);
      const policy = JSON.parse(/\{.*\}$/.exec(found?.fix ?? '')?.[0] ?? '');
      expect(policy.version).toBe('2.0');
      const granted = policy.statement.flatMap(({ action }: { action: string[] }) => action);
      expect(granted).toContain(`name/${right}`);
      expect(JSON.stringify(policy)).toContain(
        'qcs::cos:ap-guangzhou:uid/1250000000:easel-1250000000/aigc-output/*',
      );
    },
  );

  it("only notes that pictures can't be stored there, as long as SOURCE_HOST=auto has an alternative", async () => {
    const denied = deny('cos:PutObject', 'easel-sources/');
    expect(of((await consult(denied)).findings, 'COS bucket')[1]?.level).toBe('warn');
    const { findings } = await consult(denied, { SOURCE_HOST: 'cos' });
    expect(of(findings, 'COS bucket')[1]?.level).toBe('fail');
  });
});
