import type { Path } from '../expressions/parsed.ts';
import type { Item } from './attributes.ts';
import { project } from './paths.ts';

/**
 * The JSON of an item as it is stored: each attribute on a line of its own, so that some of them can be taken without
 * reading the others. Nothing else in it begins a line, since JSON escapes what would.
 */
export function writeItem(item: Item): string {
  let text = '';
  for (const name of Object.keys(item)) {
    text += `${text === '' ? '{' : '\n,'}${JSON.stringify(name)}:${JSON.stringify(item[name])}`;
  }
  return text === '' ? '{}' : `${text}}`;
}

/** Reads any JSON of an item. */
export const readItem = (text: string): Item => JSON.parse(text) as Item;

/** Makes what takes from the JSON of an item the JSON of what paths name; all of it without paths. */
export function selectionOf(paths: readonly Path[] | undefined): (text: string) => string {
  if (!paths) return (text) => text;
  const byParsing = (text: string) => JSON.stringify(project(readItem(text), paths));
  if (paths.some(({ length, 0: name }) => length > 1 || String(name).includes('"'))) return byParsing;
  const names = new Set(paths.map(([name]) => JSON.stringify(name)));
  return (text) => (text.includes('\n') ? linesOf(text, names) : byParsing(text));
}

/** The lines that begin with one of the names, which are JSON and have no quotes within. */
function linesOf(text: string, names: ReadonlySet<string>): string {
  let taken = '';
  let end = 0;
  for (let start = 1; end < text.length - 1; start = end + 2) {
    const next = text.indexOf('\n', start);
    end = next < 0 ? text.length - 1 : next;
    if (!names.has(text.slice(start, text.indexOf('":', start + 1) + 1))) continue;
    taken += `${taken === '' ? '' : ','}${text.slice(start, end)}`;
  }
  return `{${taken}}`;
}
