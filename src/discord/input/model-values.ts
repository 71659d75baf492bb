/** A value in a line, and where it ends. */
export interface Value {
  readonly text: string;
  readonly end: number;
}

/** `可灵 Kling 3.0 Omni` has four, and a style's name of 32 characters up to this. */
const mostWords = 16;
const oneWord = /\s*((?!--|—)\S+)/y;
const uptoComma = /\s*((?!--|—)[^\s,，、]+)/y;
const comma = /\s*[,，、](\s*)/y;

/** The next word, unless it is an option. */
export function wordAt(line: string, at: number, pattern = oneWord): Value | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(line);
  return match?.[1] === undefined ? undefined : { text: match[1], end: at + match[0].length };
}

/** The longest run of words that is a name: `Kling 3.0 Omni` of "Kling 3.0 Omni a fox". */
export function nameAt(
  line: string,
  at: number,
  isName: (text: string) => boolean,
  pattern = oneWord,
): Value | undefined {
  const runs: Value[] = [];
  for (let end = at; runs.length < mostWords; ) {
    const word = wordAt(line, end, pattern);
    if (!word || (runs.length > 0 && startsAnew(line, end))) break;
    end = word.end;
    runs.push({ text: line.slice(at, end).trim(), end });
  }
  return runs.reverse().find(({ text }) => isName(text));
}

/** A word right after another one is part of it: what a comma ends is no run. */
function startsAnew(line: string, at: number): boolean {
  return !/\s/.test(line.charAt(at));
}

/**
 * Models with commas between them: `kling 3.0, hunyuan-3.0` of "kling 3.0, hunyuan-3.0 a fox". An unknown word counts
 * as one if a comma ends it, or if it follows one without a blank: it is more likely a slip than the prompt.
 */
export function modelsAt(line: string, at: number, isModel: (text: string) => boolean): Value | undefined {
  const names: string[] = [];
  for (let end = at, isClose = true; ; ) {
    const known = nameAt(line, end, isModel, uptoComma);
    const one = known ?? (isClose ? wordAt(line, end, uptoComma) : undefined);
    if (!one) return names.length > 0 ? { text: names.join(','), end } : undefined;
    names.push(one.text);
    comma.lastIndex = one.end;
    const next = comma.exec(line);
    if (!next) return { text: names.join(','), end: one.end };
    end = one.end + next[0].length;
    isClose = next[1] === '';
  }
}
