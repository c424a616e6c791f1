const CONSTANT = /^const (\w+) = ("[^"\\]*");$/gm;
const COMPUTED_KEY = /\[(\w+)\]:/g;

/**
 * A module with its constants of text in place of the computed keys that they stand for: `{ [_h]: 1 }` is
 * `{ "header": 1 }`. A computed key may call something, so that bundlers keep every object that has one.
 */
export function withLiteralKeys(text: string): string {
  const constants = new Map([...text.matchAll(CONSTANT)].map(([, name, value]) => [name, value]));
  return text.replace(COMPUTED_KEY, (key, name: string) => {
    const value = constants.get(name);
    return value === undefined ? key : `${value}:`;
  });
}
