import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';

interface Kind {
  readonly schema: { readonly attributes: Readonly<Record<string, unknown>> };
}

/** The keys, and by what electrodb recognises its items. */
const ofEveryItem = ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', '__edb_e__', '__edb_v__'];

/**
 * Lets a query read items of some kinds without the stamp of their last change, which is as large as all the rest and of
 * use to the stream alone. The read units stay those of the whole items.
 */
export function unstamped(...kinds: readonly Kind[]): <Query extends object>(query: Query) => Query {
  const attributes = kinds.flatMap(({ schema }) => Object.keys(schema.attributes));
  const read = [...new Set([...ofEveryItem, ...attributes])].filter((name) => name !== 'change');
  const names = Object.fromEntries(read.map((name, index) => [`#read${index}`, name]));
  const ProjectionExpression = Object.keys(names).join(', ');
  return (query) => ({
    ...query,
    ProjectionExpression,
    ExpressionAttributeNames: { ...(query as QueryCommandInput).ExpressionAttributeNames, ...names },
  });
}
