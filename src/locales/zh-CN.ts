import type { TextKey } from './en-US.js';

/** The same texts in simplified Chinese; the type keeps the two tables complete. */
export const zhCN: Readonly<Record<TextKey, string>> = {
  'error.prompt.tooLong': '提示词有 {{length}} 个字符，最多 {{max}} 个。请精简后再发送。',
};
