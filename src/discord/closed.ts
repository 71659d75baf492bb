import { RouteClosedError } from '../tasks/delivery.js';
import type { Route } from '../tasks/task.js';
import { codeOf } from './rest.js';

/** Codes by which Discord says that a token is dead: the answer is out of reach for good (facts/discord.md). */
const deadToken: ReadonlySet<number> = new Set([401, 404, 10_008, 10_015, 10_062, 50_027]);

/** Whether an error says that trying this route once more is of no use. */
export function isClosed(error: unknown, route: Route): boolean {
  if (error instanceof RouteClosedError) return true;
  const code = codeOf(error);
  if (code === undefined) return false;
  if (route === 'answer' && deadToken.has(code)) return true;
  // Whatever else Discord refuses (a permission gone, a channel deleted, direct messages closed) stays refused.
  return code >= 10_000 || (code >= 400 && code < 429) || (code > 429 && code < 500);
}
