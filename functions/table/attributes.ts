import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';

interface Kind {
  readonly schema: { readonly attributes: Readonly<Record<string, unknown>> };
}

type Row = Readonly<Record<string, unknown>>;

/**
 * What functions tell of the items of a kind: its attributes, but not the stamp of the last change, which is of use to the
 * stream alone, and not those that are only there for keys and retries.
 */
export function attributesOf(kind: Kind, ...apart: readonly string[]): readonly string[] {
  const hidden = new Set(['tenant', 'change', 'requestFingerprint', ...apart]);
  return Object.keys(kind.schema.attributes).filter((name) => !hidden.has(name));
}

/** The names of all attributes that items of type `T` may have, none forgotten: for a kind that electrodb does not know. */
export function namesOf<T>(attributes: { readonly [Name in keyof T]-?: true }): readonly string[] {
  return Object.keys(attributes);
}

/** Reads these attributes from a row, as far as it has them; in a tenth of the time that electrodb takes to parse it. */
export function reading(names: readonly string[]): (row: Row) => Record<string, unknown> {
  return (row) => {
    const item: Record<string, unknown> = {};
    for (const name of names) {
      const value = row[name];
      if (value !== undefined) item[name] = value;
    }
    return item;
  };
}

/**
 * Lets a query read these attributes alone: keys and stamp are as large as all the rest. The read units stay those of the
 * whole items.
 */
export function projecting(names: readonly string[]): <Query extends object>(query: Query) => Query {
  const placeholders = Object.fromEntries([...new Set(names)].map((name, index) => [`#read${index}`, name]));
  const ProjectionExpression = Object.keys(placeholders).join(', ');
  return (query) => ({
    ...query,
    ProjectionExpression,
    ExpressionAttributeNames: {
      ...(query as Partial<QueryCommandInput>).ExpressionAttributeNames,
      ...placeholders,
    },
  });
}
