import { validationError } from '../errors.ts';
import type { MemberType, MemberTypes } from '../expressions/dynalite.ts';
import { isObject } from '../values/normal.ts';
import { javaText, lowerFirst } from './java-text.ts';

/** The constraints of a member, by their names in the tables of request types. */
interface Constraints {
  readonly type: string;
  readonly notNull?: boolean;
  readonly enum?: readonly string[];
  readonly regex?: string;
  readonly lengthGreaterThanOrEqual?: number;
  readonly lengthLessThanOrEqual?: number;
  readonly greaterThanOrEqual?: number;
  readonly lessThanOrEqual?: number;
  readonly children?: MemberType | MemberTypes;
  readonly keys?: Limits;
  readonly values?: Limits;
  /** The whole text for a limit that is broken, where it is not made of the member's name and value. */
  readonly problem?: string;
}
type Limits = Omit<Constraints, 'type' | 'children' | 'keys' | 'values' | 'problem'>;

/** No message names more. */
const MAX_PROBLEMS = 10;

/** Refuses a request in which a member does not keep its constraints, naming all that do not. */
export function checkConstraints(request: Readonly<Record<string, unknown>>, types: MemberTypes): void {
  for (const [name, type] of Object.entries(types)) {
    if (typeof type !== 'string' && type.required && request[name] === undefined) {
      throw validationError(`The parameter '${name}' is required but was not present in the request`);
    }
  }
  const problems = problemsOfMembers(request, types, '').slice(0, MAX_PROBLEMS);
  if (problems.length > 0) throw validationError(problemsText(problems));
}

/** Several problems in the words that precede them. */
export function problemsText(problems: readonly string[]): string {
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  return `${count} detected: ${problems.join('; ')}`;
}

function problemsOfMembers(
  value: Readonly<Record<string, unknown>>,
  types: MemberTypes,
  parent: string,
): string[] {
  return Object.entries(types).flatMap(([name, type]) =>
    problemsOf(value[name], type, `${parent}${lowerFirst(name)}`),
  );
}

function problemsOf(value: unknown, memberType: MemberType, place: string): string[] {
  if (typeof memberType === 'string') return [];
  const type = memberType as unknown as Constraints;
  const problem = (constraint: string): string => {
    if (type.problem) return type.problem;
    const shown = value === undefined || value === null ? 'null' : `'${javaText(value, memberType)}'`;
    return `Value ${shown} at '${place}' failed to satisfy constraint: ${constraint}`;
  };
  if (value === undefined || value === null) return type.notNull ? [problem('Member must not be null')] : [];
  return [...brokenBy(type, value), ...brokenByEntries(type, value)]
    .map(problem)
    .concat(problemsBelow(value, type, place));
}

/** The limits that a value breaks, in the order in which they are declared. */
function brokenBy(limits: Limits, value: unknown): string[] {
  return constraintsOf(limits)
    .filter(({ holds }) => !holds(value))
    .map(({ text }) => text);
}

interface Constraint {
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
}

function constraintsOf(limits: Limits): Constraint[] {
  return Object.entries(limits).flatMap(([name, limit]) => CONSTRAINTS[name]?.(limit as never) ?? []);
}

const CONSTRAINTS: Readonly<Record<string, (limit: never) => Constraint>> = {
  enum: (values: readonly string[]) => ({
    text: `Member must satisfy enum value set: [${values.join(', ')}]`,
    holds: (value) => values.includes(value as string),
  }),
  regex: (pattern: string) => ({
    text: `Member must satisfy regular expression pattern: ${pattern}`,
    holds: (value) => value === '' || new RegExp(`^${pattern}$`).test(String(value)),
  }),
  lengthGreaterThanOrEqual: (limit: number) => ({
    text: `Member must have length greater than or equal to ${limit}`,
    holds: (value) => lengthOf(value) >= limit,
  }),
  lengthLessThanOrEqual: (limit: number) => ({
    text: `Member must have length less than or equal to ${limit}`,
    holds: (value) => lengthOf(value) <= limit,
  }),
  greaterThanOrEqual: (limit: number) => ({
    text: `Member must have value greater than or equal to ${limit}`,
    holds: (value) => Number(value) >= limit,
  }),
  lessThanOrEqual: (limit: number) => ({
    text: `Member must have value less than or equal to ${limit}`,
    holds: (value) => Number(value) <= limit,
  }),
};

function lengthOf(value: unknown): number {
  return isObject(value) ? Object.keys(value).length : (value as { length: number }).length;
}

function brokenByEntries({ keys, values }: Constraints, value: unknown): string[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  const all = (limits: Limits): string =>
    constraintsOf(limits)
      .map(({ text }) => text)
      .join(', ');
  return entries.flatMap(([name, one]) => [
    ...(keys && brokenBy(keys, name).length > 0 ? [`Map keys must satisfy constraint: [${all(keys)}]`] : []),
    ...(values && brokenBy(values, one).length > 0
      ? [`Map value must satisfy constraint: [${all(values)}]`]
      : []),
  ]);
}

function problemsBelow(value: unknown, { children }: Constraints, place: string): string[] {
  if (!children || typeof children === 'string') return [];
  if (Array.isArray(value)) {
    return value.flatMap((one, index) =>
      problemsOf(one, children as MemberType, `${place}.${index + 1}.member`),
    );
  }
  if (!isObject(value)) return [];
  return isType(children)
    ? Object.entries(value).flatMap(([name, one]) => problemsOf(one, children, `${place}.${name}.member`))
    : problemsOfMembers(value, children, `${place}.`);
}

/** Whether these are the one type of a list's or map's elements, not the members of a structure. */
const isType = (children: MemberType | MemberTypes): children is MemberType =>
  typeof children === 'string' || typeof children.type === 'string';
