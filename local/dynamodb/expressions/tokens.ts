import { validationError } from '../errors.ts';

/** What a token is: a word, a placeholder, an index, a keyword in capitals, or the sign itself. */
export type TokenKind = string;

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The expression, and the member of the request that it is. */
export interface Source {
  readonly member: string;
  readonly text: string;
}

/** The keywords of an expression; in a projection there are none. */
export const CONDITION_KEYWORDS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
export const UPDATE_KEYWORDS: ReadonlySet<string> = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);
const TOKEN =
  /[ \t\r\n]*(?:(?<word>[A-Za-z][A-Za-z0-9_]*)|(?<name>#[A-Za-z0-9_]+)|(?<value>:[A-Za-z0-9_]+)|(?<index>0|[1-9][0-9]*)|(?<sign><>|<=|>=|[\s\S]))/gu;
const END = 'end';

/** The tokens of an expression, closed by one of kind `end`. A sign that no expression has is a token of its own. */
function tokenize(text: string, keywords: ReadonlySet<string>): Token[] {
  const kindOf = (word: string): TokenKind =>
    keywords.has(word.toUpperCase()) ? word.toUpperCase() : 'word';
  const tokens: Token[] = [];
  for (const match of text.trimEnd().matchAll(TOKEN)) {
    const { word, name, value, index, sign } = match.groups as Record<string, string | undefined>;
    const kind = word ? kindOf(word) : name ? 'name' : value ? 'value' : index ? 'index' : (sign as string);
    const end = match.index + match[0].length;
    const token = (word ?? name ?? value ?? index ?? sign) as string;
    tokens.push({ kind, text: token, start: end - token.length, end });
  }
  tokens.push({ kind: END, text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

/** Reads tokens one after the other. */
export interface Reader {
  readonly source: Source;
  /** How many parentheses are open. */
  depth: number;
  peek(ahead?: number): Token;
  next(): Token;
  /** Whether the next token is of this kind. */
  is(kind: TokenKind): boolean;
  /** Takes the next token if it is of this kind. */
  take(kind: TokenKind): boolean;
  expect(kind: TokenKind): Token;
  /** The error for a token that cannot stand here: it shows the token with its neighbours. */
  refused(): Error;
  /** Fails unless everything has been read. */
  finish(): void;
}

export function openReader(source: Source, keywords: ReadonlySet<string> = new Set()): Reader {
  const tokens = tokenize(source.text, keywords);
  let at = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(at + ahead, tokens.length - 1)] as Token;
  const refused = (): Error => {
    const token = peek();
    const near = source.text.slice((tokens[at - 1] ?? token).start, (tokens[at + 1] ?? token).end);
    return invalid(source.member, `Syntax error; token: "${token.text}", near: "${near}"`);
  };
  const next = (): Token => {
    const token = peek();
    at++;
    return token;
  };
  const is = (kind: TokenKind): boolean => peek().kind === kind;
  const expect = (kind: TokenKind): Token => {
    if (!is(kind)) throw refused();
    return next();
  };
  return {
    source,
    depth: 0,
    peek,
    next,
    is,
    take: (kind) => is(kind) && next() !== undefined,
    expect,
    refused,
    finish: () => void expect(END),
  };
}

export function invalid(member: string, message: string): Error {
  return validationError(`Invalid ${member}: ${message}`);
}
