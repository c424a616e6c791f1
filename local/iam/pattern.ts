/** The values of a condition key; most have one. */
export type Values = readonly string[];

/** The condition keys of a request by name in lower case; undefined for one that the request does not have. */
export type Context = (key: string) => Values | undefined;

/** A text of a policy that a text of a request may match. */
export interface Pattern {
  /** The policy variables in it, as condition keys in lower case. */
  readonly keys: readonly string[];
  matches(text: string, context: Context): boolean;
}

export interface PatternOptions {
  /** Whether `${…}` is a policy variable, which it is not in policies of version 2008-10-17. */
  readonly variables: boolean;
  /** Whether `*` and `?` stand for other characters. */
  readonly wildcards: boolean;
  /** Whether upper and lower case are the same. */
  readonly ignoreCase?: boolean;
}

/** What stands for `*` and `?` in a compiled pattern: no text of a policy or a request has these. */
const ANY = '\uE000';
const ONE = '\uE001';

type Part = string | { readonly key: string; readonly fallback: string | undefined };

const withoutWildcards = (text: string) => text.replaceAll(ANY, '\uFFFD').replaceAll(ONE, '\uFFFD');

/**
 * A variable without its braces: `*`, `?` and `$` stand for themselves, others are a key, with a value for when there is
 * none (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
 */
function variable(text: string): Part {
  if (text === '*' || text === '?' || text === '$') return text;
  const [, key, fallback] = /^\s*([\w-]+:[^\s,}]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(text) ?? [];
  if (key === undefined) throw new Error(`\${${text}} is no policy variable: write \${aws:PrincipalArn}`);
  return { key: key.toLowerCase(), fallback };
}

function partsOf(source: string, { variables, wildcards }: PatternOptions): Part[] {
  const pieces = variables ? source.split(/\$\{([^}]*)\}/) : [source];
  return pieces.map((piece, index) => {
    if (index % 2 === 1) return variable(piece);
    const literal = withoutWildcards(piece);
    return wildcards ? literal.replaceAll('*', ANY).replaceAll('?', ONE) : literal;
  });
}

/** Whether the whole text matches; a star that led nowhere takes one character more, and only the last one can help. */
export function matchesWildcards(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === ANY) {
      star = place++;
      resumeAt = at;
    } else if (wanted === ONE || wanted === text[at]) {
      place++;
      at++;
    } else if (star !== -1) {
      place = star + 1;
      at = ++resumeAt;
    } else return false;
  }
  while (pattern[place] === ANY) place++;
  return place === pattern.length;
}

function comparison(pattern: string): (text: string) => boolean {
  if (pattern === ANY) return () => true;
  const wild = pattern.includes(ANY) || pattern.includes(ONE);
  return wild ? (text) => matchesWildcards(pattern, text) : (text) => pattern === text;
}

/** The text that the parts have in a request; undefined when a variable has no value there, or several. */
function textOf(parts: readonly Part[], context: Context): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const [value = part.fallback, ...more] = context(part.key) ?? [];
    if (value === undefined || more.length > 0) return undefined;
    text += withoutWildcards(value);
  }
  return text;
}

/**
 * Compiles a text of a policy. One with a variable that the request does not have matches nothing.
 *
 * @throws Error for a variable that is none
 */
export function compilePattern(source: string, options: PatternOptions): Pattern {
  const fold = (text: string) => (options.ignoreCase ? text.toLowerCase() : text);
  const parts = partsOf(source, options);
  const keys = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.key]));
  if (keys.length === 0) {
    const matches = comparison(fold(parts.join('')));
    return { keys, matches: options.ignoreCase ? (text) => matches(fold(text)) : matches };
  }
  return {
    keys,
    matches(text, context) {
      const pattern = textOf(parts, context);
      return pattern !== undefined && matchesWildcards(fold(pattern), fold(text));
    },
  };
}

/** The six segments of an ARN; the last one may have colons too. */
function segmentsOf(arn: string): string[] {
  const parts = arn.match(/\$\{[^}]*\}|:|[^:$]+|\$/g) ?? [];
  const segments = [''];
  for (const part of parts) {
    if (part === ':' && segments.length < 6) segments.push('');
    else segments[segments.length - 1] += part;
  }
  return segments;
}

/**
 * Compiles an ARN of a condition, whose six segments are compared one by one
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN).
 *
 * @throws Error for what is no ARN
 */
export function compileArn(source: string, { variables }: Pick<PatternOptions, 'variables'>): Pattern {
  const segments = segmentsOf(source);
  if (segments.length !== 6 && source !== '*') {
    throw new Error(`${source} is no ARN: write arn:aws:service:region:account:resource`);
  }
  const patterns = segments.map((segment) => compilePattern(segment, { variables, wildcards: true }));
  return {
    keys: patterns.flatMap(({ keys }) => keys),
    matches(text, context) {
      if (source === '*') return true;
      const given = segmentsOf(text);
      return given.length === 6 && patterns.every((one, index) => one.matches(given[index] ?? '', context));
    },
  };
}
