/** A table of Markdown; numbers stand right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const isNumeric = (column: number) => rows.every((row) => /^[\d$–.,% ×]*$/.test(String(row[column] ?? '')));
  const lines = [
    head,
    head.map((_, column) => (column > 0 && isNumeric(column) ? '--:' : '---')),
    ...rows.map((row) => row.map(String)),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** A count with thousands told apart, and at most so many digits behind the point; a dash for nothing. */
export const count = (amount: number, digits = 1): string =>
  amount === 0 ? '–' : amount.toLocaleString('en-US', { maximumFractionDigits: digits });

/** An amount of dollars, with cents below a thousand. */
export const dollars = (amount: number): string =>
  `$${amount.toLocaleString('en-US', {
    minimumFractionDigits: amount < 1000 ? 2 : 0,
    maximumFractionDigits: amount < 1000 ? 2 : 0,
  })}`;
