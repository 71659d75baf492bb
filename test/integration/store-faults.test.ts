import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation } from '@easel/discord-stand-in';
import { KeyvSqlite } from '@keyv/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { text } from '../../src/locales/index.js';
import { createStore, type Store } from '../../src/store/store.js';
import { createCollectingLog } from '../support/log.js';
import { quickFolder } from '../support/quick-folder.js';
import { until } from '../support/until.js';
import { createWorld, delivered, type World, type WorldOptions } from './world.js';

let folder: string;
let file: string;
let world: World;
let log: ReturnType<typeof createCollectingLog>;
/** The connection that the ledger uses, to break it for real. */
let connection: KeyvSqlite;
/** Applied to each new connection. */
let spoil: string | undefined;
/** Longer than a row of a database page, wherever it is put. */
const long = '雪地里的红狐狸，'.repeat(110);
/** More than an hour of work, so that a test decides when a picture is done. */
const slowly = { durations: { image: [4000, 5000] } } as const;

beforeEach(async () => {
  folder = await quickFolder('easel-faults-');
  file = join(folder, 'store', 'easel.sqlite');
  log = createCollectingLog();
  spoil = undefined;
});
afterEach(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

async function begin(options: WorldOptions = {}): Promise<void> {
  const env = { STORE_URL: `sqlite://${file}` };
  world = await createWorld({ env, mps: slowly, store: openStore, log, ...options });
}

function openStore(storeUrl: string): Promise<Store> {
  return createStore(storeUrl, {
    log,
    // Shorter than in reality, where it is 2 s.
    busyTimeout: 300,
    connect(options) {
      const adapter = new KeyvSqlite(options);
      if (options.table === 'tasks') connection = adapter;
      if (spoil) adapter.query(spoil).catch(() => {});
      return adapter;
    },
  });
}

function order(person: string, prompt: string): Promise<Invocation> {
  return world.discord.actor(person, 'general').command('imagine', { prompt });
}

/** A picture that is running at MPS, as Easel knows. */
async function runningOrder(): Promise<Invocation> {
  const invocation = await order('mia', 'a fox from before');
  const [painting = ''] = text('en-US', 'card.usual.image').split('{{');
  await invocation.until(({ content }) => content.includes(painting));
  return invocation;
}

/** Ben and Lin order, and each reads in their own language, and alone, why it fails. */
async function expectRefusals(): Promise<void> {
  const before = world.mps.tasks.length;
  const asked = await Promise.all([order('ben', long), order('lin', long)]);
  const said = await Promise.all(
    asked.map((invocation) => invocation.until(({ content }) => content !== '')),
  );
  const sentences = [text('en-US', 'error.store'), text('zh-CN', 'error.store')];
  for (const [n, message] of said.entries()) {
    expect(message.content).toContain(sentences[n]);
    expect(message.ephemeral).toBe(true);
  }
  expect(world.mps.tasks).toHaveLength(before);
  expect(log.lines.filter(({ level }) => level === 'error')).not.toEqual([]);
}

/** Tasks in progress arrive, once; new orders are accepted, without a restart; nothing was ordered twice. */
async function expectRecovery(earlier: Invocation | undefined): Promise<void> {
  const later = await acceptedOrder();
  await until('both are being painted', () => world.mps.tasks.length === (earlier ? 2 : 1));
  world.mps.clock.advance(6_000_000);
  await Promise.all([later, earlier].flatMap((each) => (each ? [delivered(each)] : [])));
  const posts = world.discord.messages('general').filter(({ attachments }) => attachments.length > 0);
  expect(posts).toHaveLength(earlier ? 2 : 1);
  expect(world.mps.tasks).toHaveLength(earlier ? 2 : 1);
}

/** Orders until an order is taken. */
async function acceptedOrder(): Promise<Invocation> {
  for (;;) {
    const invocation = await order('ben', 'a fox from after');
    const answer = await invocation.until(({ loading, content }) => loading || content !== '');
    if (!answer.ephemeral) return invocation;
    await sleep(100);
  }
}

/** The code with which SQLite refuses a statement. @default on the ledger's own connection */
async function codeOf(sql: string, adapter = connection): Promise<string> {
  try {
    await adapter.query(sql);
    return 'none: the fault is not real';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

/** Writes the WAL into the file: an intact WAL would heal a damaged file. */
async function foldIn(): Promise<void> {
  const own = connect();
  await own.query('PRAGMA wal_checkpoint(TRUNCATE)');
  await own.close();
}

/** A connection to the same file as another process would have. */
function connect(): KeyvSqlite {
  const adapter = new KeyvSqlite({ uri: `sqlite://${file}`, table: 'other' });
  return adapter.on('error', () => {});
}

it('a full disk: orders are refused, running tasks arrive, and orders are accepted when there is room', async () => {
  await begin();
  const earlier = await runningOrder();
  await connection.query('CREATE TABLE filler (content BLOB)');
  await connection.query('PRAGMA max_page_count=1');
  let code = 'none';
  while (code.startsWith('none')) code = await codeOf('INSERT INTO filler VALUES (zeroblob(4000))');
  expect(code).toBe('SQLITE_FULL');
  await expectRefusals();
  world.mps.clock.advance(6_000_000);
  await until('its end is known', () => world.mps.tasks.some(({ reportedAt }) => reportedAt !== undefined));
  await connection.query('PRAGMA max_page_count=1000000');
  await expectRecovery(earlier);
});

it('a read-only database: the same', async () => {
  await begin();
  const earlier = await runningOrder();
  spoil = 'PRAGMA query_only=1';
  await connection.query(spoil);
  expect(await codeOf("DELETE FROM tasks WHERE key = 'nobody'")).toBe('SQLITE_READONLY');
  await expectRefusals();
  world.mps.clock.advance(6_000_000);
  await until('its end is known', () => world.mps.tasks.some(({ reportedAt }) => reportedAt !== undefined));
  spoil = undefined;
  // If it was closed because it failed, the next one is fine.
  await connection.query('PRAGMA query_only=0').catch(() => {});
  await expectRecovery(earlier);
});

it('a database locked by another process: the same', async () => {
  await begin();
  const earlier = await runningOrder();
  const other = connect();
  await other.query('BEGIN EXCLUSIVE');
  expect(await codeOf("DELETE FROM tasks WHERE key = 'nobody'")).toBe('SQLITE_BUSY');
  await expectRefusals();
  world.mps.clock.advance(6_000_000);
  await until('its end is known', () => world.mps.tasks.some(({ reportedAt }) => reportedAt !== undefined));
  await other.query('COMMIT');
  await other.close();
  await expectRecovery(earlier);
});

it('however many order while it is locked, all of them read so within their three seconds', async () => {
  await begin();
  const earlier = await runningOrder();
  const other = connect();
  await other.query('BEGIN EXCLUSIVE');
  // One after the other they would wait for 6 s.
  const asked = await Promise.all(Array.from({ length: 20 }, () => order('ben', long)));
  const said = await Promise.all(asked.map((each) => each.until(({ content }) => content !== '')));
  for (const { content } of said) expect(content).toContain(text('en-US', 'error.store'));
  await other.query('COMMIT');
  await other.close();
  await expectRecovery(earlier);
});

it('a damaged database: Easel starts and says so, and continues by itself with the file restored', async () => {
  await begin();
  const earlier = await runningOrder();
  await world.stop();
  await foldIn();
  const whole = await readFile(file);
  const handle = await open(file, 'r+');
  await handle.write('this is no database at all', 0);
  await handle.close();
  await world.start();
  expect(await codeOf('SELECT key FROM tasks', connect())).toBe('SQLITE_NOTADB');
  await expectRefusals();
  await writeFile(file, whole);
  await expectRecovery(earlier);
});

it("a database that can't be opened: Easel starts and says so, and accepts orders once it can", async () => {
  await writeFile(dirname(file), 'a file where a folder should be');
  await begin();
  await expect(open(file, 'a')).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expectRefusals();
  await rm(dirname(file));
  await expectRecovery(undefined);
});
