import type { Invocation, MessageView } from '@easel/discord-stand-in';
import { enUS } from '../support/languages.js';

/** The outcome, whether it is a file or a sentence: only an outcome has buttons that are not for cancelling. */
export function outcome(invocation: Invocation): Promise<MessageView> {
  return invocation.until(
    ({ content, attachments, components }) =>
      components.length > 0 &&
      (attachments.some(({ filename }) => !/^source\d/.test(filename)) || isRefusal(content)),
  );
}

const refusals = Object.entries(enUS.texts)
  .filter(([key]) => key.startsWith('failure.source.'))
  .map(([, words]) => new RegExp(words.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\{\w+\}\}/g, '[^]+')));

function isRefusal(content: string): boolean {
  return refusals.some((sentence) => sentence.test(content));
}
