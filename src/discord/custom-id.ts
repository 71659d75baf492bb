import type { TaskId } from '../tasks/task.js';

/** What a button asks for. */
export const verbs = ['again', 'collect', 'cancel'] as const;
export type Verb = (typeof verbs)[number];

/** A button's customId: version, verb and task, well under Discord's 100 characters. */
export function customId(verb: Verb, id: TaskId): string {
  return `v1:${verb}:${id}`;
}

/** What a customId of ours means; undefined for one of another version or of someone else. */
export function parseCustomId(text: string): { verb: Verb; id: TaskId } | undefined {
  const [, verb, event, part] = /^v1:([a-z]+):(\d{17,20}):(\d{1,3})$/.exec(text) ?? [];
  const known = verbs.find((one) => one === verb);
  return known && event ? { verb: known, id: `${event}:${Number(part)}` } : undefined;
}
