/** The parts of the values that differ from copy to copy: a text before its number. */
export type Numbered = Record<string, string>;

/**
 * The statement that copies the only row of a table, `s` in it, `rows` times.
 *
 * @param columns of the row
 * @param numbered which columns get a text with the number of the copy; `id` has one anyway
 * @param own other columns with an expression of their own
 */
export function multiplied(
  dialect: 'sqlite' | 'mariadb',
  table: string,
  columns: string[],
  rows: number,
  numbered: Numbered,
  own: Record<string, string> = {},
): string {
  const lite = dialect === 'sqlite';
  const number = lite ? "printf('%08d', n)" : "LPAD(n, 8, '0')";
  const joined = (first: string) => (lite ? `${first} || ${number}` : `CONCAT(${first}, ${number})`);
  const values: Record<string, string> = {
    id: joined('SUBSTR(s.id, 1, 28)'),
    ...Object.fromEntries(Object.entries(numbered).map(([name, text]) => [name, joined(`'${text}'`)])),
    ...own,
  };
  return `INSERT INTO ${table} (${columns.join(', ')})
     WITH RECURSIVE hundreds (n) AS (SELECT 0 UNION ALL SELECT n + 100 FROM hundreds WHERE n < ${rows - 100}),
       ones (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM ones WHERE n < 99),
       series (n) AS (SELECT hundreds.n + ones.n FROM hundreds, ones)
     SELECT ${columns.map(one => values[one] ?? `s.${one}`).join(', ')} FROM series, ${table} s`;
}
