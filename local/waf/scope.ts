import type { IncomingHttpHeaders } from 'node:http';

/** What rules look at. */
export interface LookedAt {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
}

/** Where in a value a text is looked for. */
export const POSITIONS = ['STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EXACTLY'] as const;

/** The value that is looked at: the method, or the header of this name in lower case. */
export type Field = 'METHOD' | { readonly header: string };

/** Holds for requests whose value has a text. */
export interface Match {
  readonly field: Field;
  readonly position: (typeof POSITIONS)[number];
  readonly text: string;
  /** Whether the value is looked at in lower case; the text stays as it is. */
  readonly lowercase: boolean;
}

/** The requests that a rule counts: those for which all matches hold, or all others. */
export interface Scope {
  readonly matches: readonly Match[];
  /** Whether the others are counted. */
  readonly negated: boolean;
}

type Comparison = (value: string, text: string) => boolean;

const comparisons: Readonly<Record<Match['position'], Comparison>> = {
  STARTS_WITH: (value, text) => value.startsWith(text),
  ENDS_WITH: (value, text) => value.endsWith(text),
  CONTAINS: (value, text) => value.includes(text),
  EXACTLY: (value, text) => value === text,
};

/**
 * Without the header, a match does not hold
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html).
 */
function holds({ field, position, text, lowercase }: Match): (request: LookedAt) => boolean {
  const compare = comparisons[position];
  return ({ method, headers }) => {
    const value = field === 'METHOD' ? method : headers[field.header];
    return typeof value === 'string' && compare(lowercase ? value.toLowerCase() : value, text);
  };
}

/** Tells whether a scope has a request. */
export function isWithin({ matches, negated }: Scope): (request: LookedAt) => boolean {
  const all = matches.map(holds);
  return (request) => all.every((one) => one(request)) !== negated;
}
