import * as v from 'valibot';
import { checkInput, text } from '../input.ts';

/** Of a name, as many characters as make a key: each takes at most 4 bytes of the 1,024 that a key may have. */
const longest = 200;

/** Characters that a search needs, and by which names lie apart. */
const shortest = 2;

/**
 * A name as it is sorted and searched: without accents, whatever its case and however blanks are set. A letter counts as
 * what it is written with elsewhere: `Straße` as STRASSE, `ﬁ` as FI. What begins a name, folded, begins the folded name.
 *
 * Decomposed by NFKD (https://www.unicode.org/reports/tr15/), which leaves letters such as ø and ł what they are.
 */
export function foldName(name: string): string {
  const bare = name.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  // Each by itself: the lower case of a sigma depends on what stands around it.
  const folded = [...bare].map(foldCase).join('');
  return [...folded.replaceAll(/\s+/gu, ' ').trim()].slice(0, longest).join('');
}

/** Through the upper case, which is SS for both sorts of ß. */
const foldCase = (character: string) => character.toLowerCase().toUpperCase().toLowerCase();

/** With what a folded name begins. */
export const startOfName = (folded: string): string => [...folded].slice(0, shortest).join('');

const schema = v.object({
  prefix: v.pipe(
    text(256),
    v.transform(foldName),
    v.check(
      (folded) => [...folded].length >= shortest,
      (issue) => `${JSON.stringify(issue.input)} is too short: send at least ${shortest} letters of the name`,
    ),
  ),
});

/**
 * Folds with what a name is to begin.
 *
 * @throws Refusal `INPUT.INVALID` when it has fewer than two letters.
 */
export const checkNamePrefix = (prefix: unknown): string => checkInput(schema, { prefix }).prefix;
