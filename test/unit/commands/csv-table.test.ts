import { expect, it } from 'vitest';
import { cell, createTable } from '../../../commands/shared/csv-table.js';

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '|x', '%x', '\t=1', ' =1', '\u200b=1', '＝1', '＠x', '\r=1'])(
  'a spreadsheet does not read %j as a formula',
  (value) => {
    expect(cell(value).replace(/^"/, '')).toMatch(/^'/);
  },
);

it.each([
  ['a fox', 'a fox'],
  ['a "red" fox', '"a ""red"" fox"'],
  ['one, two', '"one, two"'],
  ['=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
])('%j is written as %j', (value, written) => {
  expect(cell(value)).toBe(written);
});

it('a table takes as many rows as fit, and counts the others', () => {
  const table = createTable(['a', 'b'], 12);
  table.add(['1', '2']);
  table.add(['3', '4']);
  expect([table.rows, table.left]).toEqual([1, 1]);
  expect(table.text()).toBe('\ufeffa,b\r\n1,2\r\n');
});
