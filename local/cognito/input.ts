import { invalidParameter } from './errors.ts';

/** The input of an action, read member by member; what does not fit is an `InvalidParameterException`. */
export type Input = Readonly<Record<string, unknown>>;

export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || value === '') {
    throw invalidParameter(`Missing required parameter ${name}`);
  }
  return value;
}

export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

export function record(input: Input, name: string): Input {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw invalidParameter(`${name} must be an object`);
  }
  return value as Input;
}

/** https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AttributeType.html */
const longestAttribute = 2048;

/** A list of `{Name, Value}` as a record. */
export function attributes(input: Input, name: string): Record<string, string> {
  const value = input[name] ?? [];
  if (!Array.isArray(value)) throw invalidParameter(`${name} must be a list`);
  return Object.fromEntries((value as (Input | null)[]).map((entry) => attribute(entry, name)));
}

function attribute(entry: Input | null, list: string): [string, string] {
  const { Name, Value = '' } = entry ?? {};
  if (typeof Name !== 'string' || Name === '' || typeof Value !== 'string') {
    throw invalidParameter(`${list} must hold {Name, Value} of texts`);
  }
  if (Value.length > longestAttribute) {
    throw invalidParameter(
      `1 validation error detected: Value at '${list}.${Name}' failed to satisfy constraint: Member must have length less than or equal to ${longestAttribute}`,
    );
  }
  return [Name, Value];
}

/** How many results are asked for, 60 at most and when not said. */
export function limit(input: Input): number {
  const value = input.Limit;
  if (value === undefined) return 60;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 60) {
    throw invalidParameter(
      `1 validation error detected: Value '${JSON.stringify(value)}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60`,
    );
  }
  return value === 0 ? 60 : value;
}

/** The page of a list that `Limit` and `NextToken` ask for, in the order of the names; `next` is there when there is more. */
export function pageOf<T>(
  all: readonly T[],
  input: Input,
  nameOf: (entry: T) => string,
): { page: readonly T[]; next: { readonly NextToken?: string } } {
  const after = optionalText(input, 'NextToken') ?? '';
  const rest = all
    .map((entry) => ({ entry, name: nameOf(entry) }))
    .filter(({ name }) => name > after)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const page = rest.slice(0, limit(input));
  const last = page.at(-1);
  return {
    page: page.map(({ entry }) => entry),
    next: last && page.length < rest.length ? { NextToken: last.name } : {},
  };
}
