/** The fields of a type by name; where a path leads on, those of the type behind the field. */
export interface Fields {
  readonly [field: string]: Fields | true;
}

/** Names every field of a type of the schema, so that what it does not name is an alias. */
export type FieldsOf<T> = { readonly [Name in Exclude<keyof T, '__typename'>]-?: Fields | true };

/**
 * Whether a client may have selected the field at a path such as `nodes/body`. AppSync lists aliases in place of names and
 * does not tell of what: a name that is no field of its type counts as any field of it. An alias that is itself the name
 * of another field of the type cannot be told from that field.
 *
 * @param selected what AppSync gives as `selectionSetList`
 * @param fields of the type that answers
 */
export function maySelect(selected: readonly string[], path: string, fields: Fields): boolean {
  const wanted = path.split('/');
  return selected.some((entry) => {
    const names = entry.split('/');
    return names.length === wanted.length && mayBe(names, wanted, fields);
  });
}

const connection: Fields = { edges: true, nodes: true, pageInfo: true };

/**
 * What a page answers: its nodes alone or in their edges, where the client selected only one of both.
 *
 * @param selected what AppSync gives as `selectionSetList`, which is never empty for a page
 */
export function asSelected(value: unknown, selected: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || selected.length === 0) return value;
  if (!('edges' in value && 'nodes' in value)) return value;
  const page = value as Readonly<Record<string, unknown>>;
  const isLeftOut = (name: string) =>
    (name === 'edges' || name === 'nodes') && !maySelect(selected, name, connection);
  // What is left out is not even looked at: edges are made when they are.
  const names = Object.keys(page).filter((name) => !isLeftOut(name));
  return Object.fromEntries(names.map((name) => [name, page[name]]));
}

function mayBe(
  [name = '', ...names]: readonly string[],
  [field = '', ...wanted]: readonly string[],
  fields: Fields,
): boolean {
  if (name !== field && (Object.hasOwn(fields, name) || name === '__typename')) return false;
  if (wanted.length === 0) return true;
  const below = fields[field];
  return typeof below === 'object' && mayBe(names, wanted, below);
}
