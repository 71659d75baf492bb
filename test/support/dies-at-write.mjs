// Loaded before Easel: the process dies right before or right after a write of a task's record. DIES_AT is which one, from
// 1, and DIES is `before` or `after`. Each write is told to the file in WRITES.
import { appendFileSync } from 'node:fs';
import { env, kill, pid } from 'node:process';
import sqlite3 from 'sqlite3';

const { all } = sqlite3.Database.prototype;
const [at, when, told] = [Number(env.DIES_AT ?? 0), env.DIES, env.WRITES ?? ''];
let writes = 0;

function die() {
  kill(pid, 'SIGKILL');
}

/**
 * @this {sqlite3.Database}
 * @param {string} sql
 * @param {any[]} rest its parameters, then the callback
 * @returns {any}
 */
function watched(sql, ...rest) {
  const args = /** @type {[string, ...any[]]} */ ([sql, ...rest]);
  if (!/^\s*INSERT INTO tasks\b/.test(sql)) return all.apply(this, args);
  writes += 1;
  const mine = writes;
  if (mine === at && when === 'before') return die();
  const answer = args.pop();
  /** @param {any[]} result */
  const answered = (...result) => {
    if (mine === at) return die();
    appendFileSync(told, `${mine}\n`);
    answer.apply(this, result);
  };
  return all.apply(this, /** @type {[string, ...any[]]} */ ([...args, answered]));
}

sqlite3.Database.prototype.all = watched;
