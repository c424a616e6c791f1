import { readFileSync, writeFileSync } from 'node:fs';

/** The parts of `docs/performance.md` that commands write, each between `<!-- NAME -->` and `<!-- end of NAME -->`. */
export const parts = [
  'operations',
  'operations in memory',
  'operations at scale',
  'fan-out',
  'cold start',
] as const;
export type Part = (typeof parts)[number];

/** The document with another text in a part. @throws Error when the document has no such part */
export function withPart(document: string, part: Part, text: string): string {
  const [begin, end] = [`<!-- ${part} -->\n`, `<!-- end of ${part} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from === -1 || to < from) {
    throw new Error(`docs/performance.md has no part between ${begin.trim()} and ${end}: put these lines in`);
  }
  return `${document.slice(0, from + begin.length)}\n${text.trim()}\n\n${document.slice(to)}`;
}

/** Writes a part of `docs/performance.md`. */
export function recordPart(part: Part, text: string, file = 'docs/performance.md'): void {
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), part, text));
}
