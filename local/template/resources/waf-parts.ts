/** A part of a rule as the template has it. */
export type Part = Readonly<Record<string, unknown>>;

/** A part; what is none has no members. */
export function partOf(value: unknown): Part {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Part) : {};
}

/** The one member of a statement, an action or a field. @throws Error when there is not exactly one */
export function kindOf(value: unknown, what: string): [kind: string, content: Part] {
  const entries = Object.entries(partOf(value));
  const [only] = entries;
  if (only && entries.length === 1) return [only[0], partOf(only[1])];
  throw new Error(`${what} is ${JSON.stringify(value)}: give exactly one`);
}

/** @throws Error that names what nobody knows */
export function refuseUnknown(given: Part, known: ReadonlySet<string>, what: string): void {
  const unknown = Object.keys(given).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`${what} has ${unknown.join(', ')}, which the local cloud does not know`);
  }
}
