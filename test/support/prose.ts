/** A comment's line or a test's title: prose for readers of the code. */
export interface Prose {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

const title = /\b(?:it|test|describe)(?:\.\w+(?:\([^)]*\))*)*\(\s*(['"`])((?:\\.|(?!\1).)*)\1/;
/** A title alone on its line, after `it(`. */
const ownLine = /^\s*(['"`])((?:\\.|(?!\1).)*)\1,?$/;
const opensTitle = /\b(?:it|test|describe)(?:\.\w+(?:\([^)]*\))*)*\($/;
const comment = /(?:^|[\s;,{(}])\/\/ (.*)$/;

/** Comments and test titles of a TypeScript or JavaScript source, line by line. Reads lines, not syntax: good enough for prose. */
export function proseOf(source: string): readonly Prose[] {
  const found: Prose[] = [];
  let isInside = false;
  let before = '';
  for (const [index, text] of source.split('\n').entries()) {
    const line = index + 1;
    const isBlock = isInside || /^\s*\{?\/\*/.test(text);
    if (isBlock) {
      isInside = !text.includes('*/');
      found.push({ line, text });
    } else {
      const own = opensTitle.test(before) ? ownLine.exec(text)?.[2] : undefined;
      const words = comment.exec(text)?.[1] ?? title.exec(text)?.[2] ?? own;
      if (words !== undefined) found.push({ line, text: words });
    }
    before = text;
  }
  return found;
}
