import type { Actor, MessageView, OptionValues } from '@easel/discord-stand-in';
import { afterEach, describe, expect, it } from 'vitest';
import { answered, createWorld, delivered, failed, type World } from './world.js';

let world: World;
afterEach(() => world.close());

const inServer = 'This only works in a server.';
const notAllowed = 'You need the Manage Server permission for this.';

/** The answer to a command, visible only to its user. */
async function told(actor: Actor, name: string, options: OptionValues = {}): Promise<string> {
  const message = await answered(await actor.command(name, options));
  expect(message.ephemeral).toBe(true);
  // Escaped text is shown without the backslash.
  return message.content.replaceAll('\\', '');
}

async function csvOf(message: MessageView): Promise<string[]> {
  const bytes = await world.discord.fetchAttachment(message.id);
  return bytes.toString('utf8').trim().split('\r\n');
}

const people = (name: string, channel = 'general') => world.discord.actor(name, channel);
const limit = { scope: 'member', measure: 'image.day', amount: 1 };

describe('/quota show', () => {
  it('shows what is spent, reserved and left for the user and the guild, and when it resets', async () => {
    world = await createWorld({ env: { QUOTA_GUILD_IMAGES_DAY: '10', QUOTA_MEMBER_SECONDS_MONTH: '60' } });
    const ben = people('ben');
    await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
    world.mps.faults.add({ kind: 'stuck' });
    const stuck = await ben.command('imagine', { prompt: 'an owl' });
    await stuck.until(({ content }) => content.includes('painting'));
    const lines = (await told(ben, 'quota show')).split('\n');
    const guild = lines.slice(lines.indexOf('**This server**'));
    expect(lines[0]).toBe('**You**');
    expect(lines).toContainEqual(
      expect.stringMatching(/^░{10} Seconds of clips this month: 0 of 60 · resets <t:\d+:R>$/),
    );
    expect(guild[1]).toMatch(/^█▒░{8} Pictures today: 2 of 10 · 1 in progress · resets <t:\d+:R>$/);
    const lin = people('lin');
    world.mps.faults.add({ kind: 'stuck' });
    const clip = await lin.command('animate', { prompt: 'it runs', duration: 5 });
    await clip.until(({ content }) => content.includes('正在'));
    expect(await told(lin, 'quota show')).toMatch(/本月视频（秒）：5\/60 · 进行中：5 秒 · /);
  });

  it('shows what was used before it was forbidden, without a bar', async () => {
    world = await createWorld();
    const ben = people('ben');
    await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
    await told(people('ada'), 'quota set', { ...limit, amount: 0 });
    expect(await told(ben, 'quota show')).toMatch(/^Pictures today: 1 · not allowed here$/m);
  });

  it('sends no one to an admin in direct messages, where there is none', async () => {
    world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '0' } });
    const picture = { prompt: 'a red fox' };
    expect(await told(people('ben').dm, 'imagine', picture)).toBe(
      "Your limit on pictures per day is 0, so waiting won't help. Ask the operator of this bot for a higher limit.",
    );
    expect(await told(people('lin').dm, 'imagine', picture)).not.toContain('管理员');
    expect(await told(people('ben'), 'imagine', picture)).toContain('Ask an admin of the server');
  });

  it("in direct messages shows only the user's own", async () => {
    world = await createWorld({ env: { QUOTA_GUILD_IMAGES_DAY: '10', QUOTA_MEMBER_IMAGES_DAY: '2' } });
    const content = await told(people('ben').dm, 'quota show');
    expect(content).toContain('Pictures today: 0 of 2');
    expect(content).not.toContain('This server');
  });

  it('says when more is available once nothing is left, and promises nothing if the limit is 0', async () => {
    world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '1', QUOTA_MEMBER_SECONDS_DAY: '0' } });
    for (const name of ['ben', 'lin'])
      await delivered(await people(name).command('imagine', { prompt: 'a red fox' }));
    const lines = (await told(people('ben'), 'quota show')).split('\n');
    expect(lines).toContainEqual(
      expect.stringMatching(/^█{10} Pictures today: 1 of 1 · none left, more <t:\d+:R>$/),
    );
    expect(lines).toContainEqual('Seconds of clips today: 0 · not allowed here');
    const chinese = await told(people('lin'), 'quota show');
    expect(chinese).toMatch(/今日图片（张）：1\/1 · 已用完，<t:\d+:R> 重置/);
    expect(chinese).toContain('今日视频（秒）：0 · 此处不可用');
  });

  it('answers in Chinese to Chinese clients, and says so if nothing is limited', async () => {
    world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '2' } });
    expect(await told(people('lin'), 'quota show')).toMatch(/今日图片（张）：0\/2 · <t:\d+:R> 重置/);
    await world.stop();
    await world.start({ QUOTA_MEMBER_IMAGES_DAY: '' });
    expect(await told(people('ben'), 'quota show')).toContain('Nothing has been used this month');
  });
});

describe('/quota set', () => {
  it('limits each member, and takes the limit away again', async () => {
    world = await createWorld();
    const ada = people('ada');
    expect(await told(ada, 'quota set', limit)).toBe('Each member: limit on pictures per day set to 1.');
    const ben = people('ben');
    await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
    expect(await told(ben, 'imagine', { prompt: 'one more' })).toContain('daily picture limit (1)');
    const { amount: _, ...without } = limit;
    expect(await told(ada, 'quota set', without)).toContain('the limit on pictures per day is removed');
    await delivered(await ben.command('imagine', { prompt: 'one more' }));
  });

  it('gives a role another share than everyone, and takes everyone for each member', async () => {
    world = await createWorld();
    const guild = world.discord.world.guild('Foxglove');
    const painters = world.discord.world.addRole(guild.id, { name: 'Painters' });
    guild.members.get(world.discord.world.user('mia').id)?.roles.push(painters.id);
    const ada = people('ada');
    await told(ada, 'quota set', { scope: 'role', role: guild.id, measure: 'image.day', amount: 0 });
    const role = { scope: 'role', role: painters.id, measure: 'image.day', amount: 1 };
    expect(await told(ada, 'quota set', role)).toContain(
      `<@&${painters.id}>: limit on pictures per day set to 1`,
    );
    expect(await told(people('ben'), 'imagine', { prompt: 'a fox' })).toContain(
      'Your limit on pictures per day is 0',
    );
    await delivered(await people('mia').command('imagine', { prompt: 'a fox' }));
  });

  it("never exceeds the operator's limits, and says so", async () => {
    world = await createWorld({ env: { QUOTA_GUILD_IMAGES_DAY: '10', QUOTA_MEMBER_COST_MONTH: '2.5' } });
    const ada = people('ada');
    const more = { scope: 'guild', measure: 'image.day', amount: 11 };
    expect(await told(ada, 'quota set', more)).toContain(
      'The operator of this bot allows at most 10 for pictures per day',
    );
    const money = { scope: 'member', measure: 'cost.month', amount: 2.75 };
    expect(await told(ada, 'quota set', money)).toContain('at most 2.5 for spending per month');
    expect(await told(ada, 'quota set', { scope: 'guild', measure: 'image.day' })).toContain(
      "The operator's limit of 10 still applies.",
    );
    expect(await told(people('lin'), 'quota show')).toContain('0/10');
  });

  it("limits money, and names models that the limit can't stop", async () => {
    world = await createWorld();
    const money = { scope: 'guild', measure: 'cost.month', amount: 12.5 };
    const content = await told(people('ada'), 'quota set', money);
    expect(content).toContain('This server: limit on spending per month set to 12.5');
    expect(content).toContain('Spending is only limited for models with known prices');
  });

  it.each([
    [{ ...limit, amount: 1.5 }, '1.5 is not a whole number. Use 1.'],
    [{ ...limit, amount: 0.5 }, '0.5 is not a whole number. Use 1.'],
    [{ ...limit, scope: 'role' }, 'Say which role'],
    [{ ...limit, role: 'Keepers' }, 'A role only goes with the scope for roles'],
  ])('asks for what is missing or does not go together: %j', async (options, sentence) => {
    world = await createWorld();
    expect(await told(people('ada'), 'quota set', options)).toContain(sentence);
  });

  it('shows the uncertain charges of refunded orders, also to an operator', async () => {
    world = await createWorld({ idle: true });
    await world.start({ OPERATOR_USER_IDS: world.discord.world.user('mia').id });
    world.mps.faults.add({ kind: 'reset', when: 'after', action: 'CreateAigcImageTask', count: 1 });
    await failed(await people('ben').command('imagine', { prompt: 'a lost fox' }));
    expect(await told(people('ben'), 'quota show')).toContain('Nothing has been used this month');
    const answer = await (await people('mia').command('quota history')).until(
      ({ attachments }) => attachments.length > 0,
    );
    expect(answer.content).toContain('perhaps_billed in the file): 1 order · 1 picture');
    expect(answer.content).not.toContain(`<@${people('ben').userId}>`);
    const [, row] = await csvOf(answer);
    expect(row).toMatch(new RegExp(`,${people('ben').userId},image,hunyuan-3.0,perhaps_billed,image,1,,,`));
  });

  it('requires Manage Server, in a server', async () => {
    world = await createWorld();
    expect(await told(people('ben'), 'quota set', limit)).toContain(notAllowed);
    expect(await told(people('ada').dm, 'quota set', limit)).toContain(inServer);
    expect(await told(people('lin'), 'quota set', limit)).toContain('这需要“管理服务器”权限');
  });
});

describe('/quota grant', () => {
  const grant = { measure: 'image.day', extra: 1, days: 2, member: 'ben' };

  it('gives a member more for some days, until it is revoked', async () => {
    world = await createWorld();
    const [ada, ben] = [people('ada'), people('ben')];
    await told(ada, 'quota set', { ...limit, amount: 0 });
    const content = await told(ada, 'quota grant', grant);
    expect(content).toMatch(/^<@\d+>: limit on pictures per day raised by 1 until <t:\d+:f>\.$/);
    expect(await told(people('mia'), 'imagine', { prompt: 'a fox' })).toContain(
      'Your limit on pictures per day is 0',
    );
    await delivered(await ben.command('imagine', { prompt: 'a fox' }));
    expect(await told(ada, 'quota grant', { ...grant, extra: 0 })).toMatch(/extra pictures per day removed/);
    expect(await told(ben, 'imagine', { prompt: 'a fox' })).toContain('Your limit on pictures per day is 0');
  });

  it('expires by itself, also after a restart', async () => {
    let later = 0;
    world = await createWorld({ now: () => Date.now() + later });
    const [ada, ben] = [people('ada'), people('ben')];
    await told(ada, 'quota set', { ...limit, amount: 0 });
    await told(ada, 'quota grant', { ...grant, extra: 3 });
    const day = 24 * 60 * 60_000;
    later = 1.9 * day;
    expect(await told(ben, 'quota show')).toContain('Pictures today: 0 of 3');
    await world.stop();
    later = 2.1 * day;
    await world.start();
    expect(await told(ben, 'quota show')).toContain('Pictures today: 0 · not allowed here');
    expect(await told(ben, 'imagine', { prompt: 'a fox' })).toContain('Your limit on pictures per day is 0');
  });

  it('says what the operator allows, and that it has no effect without a limit', async () => {
    world = await createWorld({ env: { QUOTA_MEMBER_IMAGES_DAY: '5' } });
    const content = await told(people('ada'), 'quota grant', grant);
    expect(content).toContain('until it does');
    expect(content).toContain('no one can go above 5');
    const { member: _, ...nobody } = grant;
    expect(await told(people('ada'), 'quota grant', nobody)).toContain('Say who gets it');
  });

  it('requires Manage Server, in a server', async () => {
    world = await createWorld();
    expect(await told(people('ben'), 'quota grant', grant)).toContain(notAllowed);
    expect(await told(people('ada').dm, 'quota grant', grant)).toContain(inServer);
  });
});

describe('/quota history', () => {
  it('lists the usage of this month by member, in a few lines and as a file', async () => {
    world = await createWorld();
    const [ada, ben, mia] = [people('ada'), people('ben'), people('mia')];
    const none = await (await ada.command('quota history')).until(({ content }) => content !== '');
    expect(none.content).toContain('Nothing has been used since');
    await delivered(await ben.command('imagine', { prompt: 'a red fox' }));
    await delivered(await mia.command('animate', { prompt: 'it runs', duration: 5 }));
    await delivered(await ben.dm.command('imagine', { prompt: 'of no concern to the server' }));
    const answer = await (await ada.command('quota history')).until(
      ({ attachments }) => attachments.length > 0,
    );
    expect(answer.ephemeral).toBe(true);
    expect(answer.notified).toEqual([]);
    expect(answer.content).toContain(`<@${ben.userId}> · 1 picture`);
    expect(answer.content).toContain(`<@${mia.userId}> · 5 s of clips`);
    const [head, ...rows] = await csvOf(answer);
    expect(head).toBe('time,user,kind,model,state,unit,amount,cost,currency,order');
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatch(new RegExp(`^[^,]+Z,${mia.userId},video,kling-3.0,spent,second,5,,,\\d+:1$`));
    expect(rows.join()).not.toContain('red fox');
  });

  it('requires Manage Server, in a server', async () => {
    world = await createWorld();
    expect(await told(people('ben'), 'quota history')).toContain(notAllowed);
    expect(await told(people('ada').dm, 'quota history')).toContain(inServer);
  });
});

describe('/quota ceiling', () => {
  const ceiling = (more: OptionValues = {}) => ({
    guild: world.discord.world.guild('Foxglove').id,
    scope: 'guild',
    measure: 'image.day',
    ...more,
  });

  /** A world in which ben runs the bot. */
  async function worldOfBen(env: Readonly<Record<string, string>> = {}): Promise<World> {
    world = await createWorld({ idle: true });
    const operator = world.discord.world.user('ben').id;
    await world.start({ OPERATOR_USER_IDS: operator, ...env });
    return world;
  }

  it('raises, lifts and restores a guild’s ceiling, from anywhere', async () => {
    await worldOfBen({ QUOTA_GUILD_IMAGES_DAY: '1' });
    const [ada, ben] = [people('ada'), people('ben').dm];
    const five = { scope: 'guild', measure: 'image.day', amount: 5 };
    expect(await told(ada, 'quota set', five)).toContain('at most 1 for pictures per day');
    expect(await told(ben, 'quota ceiling', ceiling({ amount: 6 }))).toContain(
      'the server: highest limit on pictures per day set to 6',
    );
    expect(await told(ada, 'quota set', five)).toContain('This server: limit on pictures per day set to 5');
    expect(await told(ben, 'quota ceiling', ceiling({ unlimited: true }))).toContain(
      'no highest limit on pictures per day',
    );
    expect(await told(ben, 'quota ceiling', ceiling())).toContain('the default highest limit');
    expect(await told(ada, 'quota show')).toContain('Pictures today: 0 of 1');
    expect(await told(people('ada', 'Night Workshop/general'), 'quota show')).toContain(
      'Pictures today: 0 of 1',
    );
  });

  it('is only for operators', async () => {
    await worldOfBen();
    expect(await told(people('ada'), 'quota ceiling', ceiling({ amount: 6 }))).toContain(
      'Only the operators of this bot',
    );
    expect(await told(people('ada').dm, 'quota ceiling', ceiling({ unlimited: true }))).toContain(
      'Only the operators of this bot',
    );
    expect(await told(people('ben'), 'quota ceiling', ceiling({ guild: 'Foxglove', amount: 6 }))).toContain(
      "Foxglove isn't a server ID",
    );
    expect(await told(people('ben'), 'quota ceiling', ceiling({ amount: 6, unlimited: true }))).toContain(
      'not both',
    );
  });
});
