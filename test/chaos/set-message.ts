import type { MessageView } from '@easel/discord-stand-in';
import { endingIn, endingOfLine, unknown } from './ending-texts.js';

/** The message of a set, or one of the two, as a user reads it. */
export interface SetMessage {
  /** The asking event's id. */
  readonly event: string;
  /** The outcome of each number that it has one of: `delivered`, or as for `endingIn`. */
  readonly shown: ReadonlyMap<number, string>;
}

type Shown = Pick<MessageView, 'content' | 'components' | 'attachments' | 'interactionId'>;

/** Reads a message with numbered lines; undefined if it has none. */
export function readSet({ content, components, attachments, interactionId }: Shown): SetMessage | undefined {
  const lines = linesIn(content, /^-# (\d+)(?:–\d+)? · (.*)$/gm);
  const event = /v1:\w+:(\d+):\d+"/.exec(JSON.stringify(components))?.[1] ?? interactionId;
  if (lines.size === 0 || event === undefined) return undefined;
  const shown = new Map<number, string>();
  for (const [number, words] of lines) {
    const told = endingOfLine(words.replace(clipMark, ''));
    const outcome = typeof told === 'number' ? shown.get(told) : told;
    // A line that announces a file is no outcome without it.
    if (outcome !== undefined && outcome !== unknown) shown.set(number, outcome);
  }
  for (const number of numbersOf(attachments)) if (number !== undefined) shown.set(number, 'delivered');
  return { event, shown };
}

/** How the line of a clip begins, in either language. */
const clipMark = /^(?:clip of \d+|\d+ 的视频) · /;

/** The outcome of one number in a message for its user alone, or of a set without any result; undefined if it has no own line. */
export function lineOf(content: string, number: number): string | undefined {
  const words = linesIn(content, /^(\d+)(?:–\d+)? · (.*)$/gm).get(number);
  return words === undefined ? undefined : endingIn(words);
}

function linesIn(content: string, pattern: RegExp): Map<number, string> {
  return new Map([...content.matchAll(pattern)].map(([, number, words = '']) => [Number(number), words]));
}

/** The number of each attachment, in their order; undefined of one that is no result. */
export function numbersOf(attachments: MessageView['attachments']): (number | undefined)[] {
  return attachments.map(({ filename }) => {
    if (filename.startsWith('source')) return undefined;
    const number = /-(\d{1,3})\.[a-z0-9]+$/.exec(filename)?.[1];
    return number === undefined ? undefined : Number(number);
  });
}
