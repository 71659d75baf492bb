import type { QueueAddOptions, Queue as Waiting } from 'p-queue';

type RunFunction = () => Promise<unknown>;

/** Whose turn a job takes. */
export interface FairQueueOptions extends QueueAddOptions {
  readonly id: string;
  /** The guild, or the user if there is none. */
  readonly guild: string;
  readonly member: string;
  /** Goes before all new work, in order of arrival: it was already waiting before the restart. */
  readonly resumed?: boolean;
}

interface Job {
  readonly id: string;
  readonly guild: string;
  readonly member: string;
  readonly run: RunFunction;
}

/** How many guilds and members have their last turn remembered; a forgotten one is only served a little sooner. */
const mostRemembered = 10_000;

/**
 * A p-queue `queueClass` that serves guilds round-robin, and members round-robin within a guild. A guild or member
 * that returns goes before all that had a turn since its own last one, so that a thousand tasks of one guild never
 * delay another's single task. Dequeue is O(1), and so is enqueue, except for a guild's or member's first job:
 * O(guilds) or O(members).
 */
export class FairQueue implements Waiting<RunFunction, FairQueueOptions> {
  readonly #resumed: Job[] = [];
  /** In order of their next turns: after a turn they move to the end. */
  #guilds = new Map<string, Map<string, Job[]>>();
  /** Counter of the last turn of guilds and members (`guild/member`); the latest last. */
  readonly #lastTurns = new Map<string, number>();
  #turn = 0;
  readonly #jobs = new Map<string, Job>();

  get size(): number {
    return this.#jobs.size;
  }

  enqueue(run: RunFunction, options?: Partial<FairQueueOptions>): void {
    const { id = '', guild = '', member = '', resumed = false } = options ?? {};
    const job = { id, guild, member, run };
    this.#jobs.set(id, job);
    if (resumed) {
      this.#resumed.push(job);
      return;
    }
    const members = this.#guilds.get(guild) ?? new Map<string, Job[]>();
    const waiting = members.get(member) ?? [];
    waiting.push(job);
    const round = joined(members, member, waiting, (one) => this.#lastTurn(`${guild}/${one}`));
    this.#guilds = joined(this.#guilds, guild, round, (one) => this.#lastTurn(one));
  }

  #remember(...keys: readonly string[]): void {
    this.#turn += 1;
    for (const key of keys) {
      this.#lastTurns.delete(key);
      this.#lastTurns.set(key, this.#turn);
    }
    for (const [oldest] of this.#lastTurns) {
      if (this.#lastTurns.size <= mostRemembered) break;
      this.#lastTurns.delete(oldest);
    }
  }

  #lastTurn(key: string): number {
    return this.#lastTurns.get(key) ?? 0;
  }

  dequeue(): RunFunction | undefined {
    const job = this.#resumed.shift() ?? this.#next();
    if (job) this.#jobs.delete(job.id);
    return job?.run;
  }

  remove(id: string): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    const members = this.#guilds.get(job.guild);
    const waiting = members?.get(job.member) ?? [];
    take(waiting, job);
    take(this.#resumed, job);
    if (waiting.length === 0) members?.delete(job.member);
    if (members?.size === 0) this.#guilds.delete(job.guild);
  }

  /** How many jobs are currently ahead of this one; undefined if it isn't waiting. O(guilds + members). */
  ahead(id: string): number | undefined {
    const job = this.#jobs.get(id);
    if (!job) return undefined;
    const resumed = this.#resumed.indexOf(job);
    if (resumed >= 0) return resumed;
    const members = this.#guilds.get(job.guild) ?? new Map<string, Job[]>();
    const inMember = members.get(job.member)?.indexOf(job) ?? 0;
    const inGuild = rank(job.member, inMember, members, (jobs) => jobs.length);
    return this.#resumed.length + rank(job.guild, inGuild, this.#guilds, count);
  }

  /** The ids of all jobs in the current order of turns. O(jobs). */
  order(): string[] {
    const guilds = [...this.#guilds.values()].map((members) => inTurns([...members.values()]));
    return [...this.#resumed, ...inTurns(guilds)].map(({ id }) => id);
  }

  filter(): RunFunction[] {
    return [...this.#jobs.values()].map(({ run }) => run);
  }

  /** There are no priorities but turns. */
  setPriority(): void {}

  #next(): Job | undefined {
    const [guild] = this.#guilds;
    if (!guild) return undefined;
    const [guildId, members] = guild;
    const [member] = members;
    if (!member) return undefined;
    const [memberId, waiting] = member;
    const job = waiting.shift();
    rotate(members, memberId, waiting, waiting.length === 0);
    rotate(this.#guilds, guildId, members, members.size === 0);
    this.#remember(guildId, `${guildId}/${memberId}`);
    return job;
  }
}

/** The round including `key`: at its current place, else before the first that had a turn since its own last one. */
function joined<V>(
  round: Map<string, V>,
  key: string,
  value: V,
  lastTurn: (key: string) => number,
): Map<string, V> {
  if (round.has(key)) return round.set(key, value);
  const entries = [...round];
  const at = entries.findIndex(([one]) => lastTurn(one) > lastTurn(key));
  if (at < 0) return round.set(key, value);
  return new Map([...entries.slice(0, at), [key, value], ...entries.slice(at)]);
}

/** To the end of the round, or out of it. */
function rotate<V>(round: Map<string, V>, key: string, value: V, isEmpty: boolean): void {
  round.delete(key);
  if (!isEmpty) round.set(key, value);
}

/** Jobs served before the `index`-th of `own` (from 0): those earlier in the round get one more turn. */
function rank<V>(
  own: string,
  index: number,
  round: ReadonlyMap<string, V>,
  lengthOf: (value: V) => number,
): number {
  let before = true;
  let served = index;
  for (const [key, value] of round) {
    if (key === own) before = false;
    else served += Math.min(lengthOf(value), before ? index + 1 : index);
  }
  return served;
}

/** The first of each line, then the second of each, and so on. */
function inTurns<T>(lines: readonly (readonly T[])[]): T[] {
  const all: T[] = [];
  for (let n = 0, open = lines; open.length > 0; n++) {
    open = open.filter((line) => line.length > n);
    for (const line of open) all.push(...line.slice(n, n + 1));
  }
  return all;
}

function count(members: ReadonlyMap<string, readonly Job[]>): number {
  let jobs = 0;
  for (const waiting of members.values()) jobs += waiting.length;
  return jobs;
}

function take(jobs: Job[], job: Job): void {
  const index = jobs.indexOf(job);
  if (index >= 0) jobs.splice(index, 1);
}
