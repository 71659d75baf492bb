/** A table as RFC 4180 has it, of the rows that fit into so many bytes. */
export function createTable(columns: readonly string[], maxBytes: number) {
  const head = `${columns.join(',')}\r\n`;
  const parts = [head];
  let bytes = Buffer.byteLength(head);
  let [rows, left] = [0, 0];
  return {
    add(values: readonly string[]): void {
      const row = `${values.map(cell).join(',')}\r\n`;
      bytes += Buffer.byteLength(row);
      if (bytes > maxBytes) {
        left += 1;
        return;
      }
      parts.push(row);
      rows += 1;
    },
    get rows() {
      return rows;
    },
    /** How many didn't fit. */
    get left() {
      return left;
    },
    /** With a mark by which spreadsheets know that it is UTF-8. */
    text: () => `\ufeff${parts.join('')}`,
  };
}

/** A spreadsheet must not read a value as a formula, also after white space that it leaves out. */
export function cell(value: string): string {
  const plain = /^[\s\p{Cf}\p{Cc}]*[=+\-@|%＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
