/** How a fault in the file of a tenant or partner reads: the path, the value, what is allowed, and what was probably meant. */

import { suggestionList } from 'graphql/jsutils/suggestionList.js';
import * as v from 'valibot';

type Path = readonly { readonly key?: unknown; readonly value?: unknown; readonly origin?: unknown }[];

/** One line about one issue of a closed schema, whose own messages say what is allowed. */
export function describeFault(schema: unknown, issue: v.BaseIssue<unknown>): string {
  const path = (issue.path ?? []) as Path;
  const where = path.map(({ key }) => key).join('.') || '(the whole file)';
  const last = path.at(-1);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const keys = Object.keys(entriesOf(schemaAt(schema, path.slice(0, -1))));
    return `${where}: there is no such key (its value is ${JSON.stringify(last?.value)}). ${oneOf(String(last?.key), keys)}`;
  }
  const there = last === undefined || last.value !== undefined;
  const value = JSON.stringify(last === undefined || last.origin === 'key' ? issue.input : last.value);
  return `${where}: ${there ? value : 'missing'}. ${allowedAt(schema, path, issue)}`;
}

/** `Did you mean "production"? Allowed: "development", "production"`. */
export function oneOf(input: unknown, options: readonly (string | number)[]): string {
  return `${hint(input, options)}Allowed: ${options.map((option) => JSON.stringify(option)).join(', ')}`;
}

function hint(input: unknown, options: readonly (string | number)[]): string {
  const names = options.filter((option) => typeof option === 'string');
  const nearest = suggestionList(String(input), names)[0];
  return nearest === undefined ? '' : `Did you mean ${JSON.stringify(nearest)}? `;
}

function allowedAt(schema: unknown, path: Path, issue: v.BaseIssue<unknown>): string {
  const here = schemaAt(schema, path);
  const keys = Object.keys(entriesOf(here));
  if (issue.type === 'strict_object' && keys.length > 0) {
    return `Allowed: an object of ${keys.join(', ')}`;
  }
  const message = issue.type === 'strict_object' ? messageFor(here) : issue.message;
  return message.includes('Allowed: ') ? message : `Allowed: ${message}`;
}

/** What a schema says of a value that is not there. */
function messageFor(schema: unknown): string {
  const result = v.safeParse(schema as v.GenericSchema, undefined);
  return result.issues?.[0].message ?? 'a value';
}

function schemaAt(schema: unknown, path: Path): unknown {
  return path.reduce(
    (at: unknown, { key }) => entriesOf(at)[String(key)] ?? bare(at).item ?? bare(at).value,
    schema,
  );
}

interface Schema {
  readonly wrapped?: Schema;
  /** Of an object. */
  readonly entries?: Readonly<Record<string, unknown>>;
  /** Of an array. */
  readonly item?: unknown;
  /** Of a record. */
  readonly value?: unknown;
}

/** A schema without what makes it optional. */
function bare(schema: unknown): Schema {
  const { wrapped, ...rest } = (schema ?? {}) as Schema;
  return wrapped === undefined ? rest : bare(wrapped);
}

const entriesOf = (schema: unknown) => bare(schema).entries ?? {};
