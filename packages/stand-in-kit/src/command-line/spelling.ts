/** The one of `names` that `word` may be meant to be: at most two slips away, and fewer than half of the word; else undefined. */
export function closest(word: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, slips: slips(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  const [best] = ranked;
  return best && best.slips <= 2 && best.slips * 2 < word.length ? best.name : undefined;
}

/** Letters added, dropped, changed or swapped with their neighbor (optimal string alignment). */
function slips(a: string, b: string): number {
  const cell = (row: readonly number[] | undefined, index: number) =>
    row?.[index] ?? Number.POSITIVE_INFINITY;
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          cell(rows[i - 1], j) + 1,
          cell(row, j - 1) + 1,
          cell(rows[i - 1], j - 1) + change,
          isSwap ? cell(rows[i - 2], j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    rows.push(row);
  }
  return cell(rows[a.length], b.length);
}
