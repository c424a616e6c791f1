import type { IncomingHttpHeaders } from 'node:http';

/** Where in a header a text is looked for. */
export const POSITIONS = ['STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EXACTLY'] as const;
export type Position = (typeof POSITIONS)[number];

/** The requests that a rule counts: those whose header has a text, or all others. */
export interface HeaderScope {
  /** The name, in lower case. */
  readonly header: string;
  readonly position: Position;
  readonly text: string;
  /** Whether the header is looked at in lower case; the text stays as it is. */
  readonly lowercase: boolean;
  /** Whether what does not match is counted instead. */
  readonly negated: boolean;
}

type Comparison = (value: string, text: string) => boolean;

const comparisons: Readonly<Record<Position, Comparison>> = {
  STARTS_WITH: (value, text) => value.startsWith(text),
  ENDS_WITH: (value, text) => value.endsWith(text),
  CONTAINS: (value, text) => value.includes(text),
  EXACTLY: (value, text) => value === text,
};

/**
 * Tells by the headers of a request, with names in lower case, whether a scope has it. Without the header it does not match
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-fields-list.html).
 */
export function isWithin(scope: HeaderScope): (headers: IncomingHttpHeaders) => boolean {
  const { header, position, text, lowercase, negated } = scope;
  const matches = comparisons[position];
  return (headers) => {
    const value = headers[header];
    const found = typeof value === 'string' && matches(lowercase ? value.toLowerCase() : value, text);
    return found !== negated;
  };
}
