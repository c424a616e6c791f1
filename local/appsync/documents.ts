import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { type ErrorEntry, locationsOf, malformed } from './errors.ts';
import type { Selection } from './selection.ts';
import { validationErrors } from './validation.ts';

/** A query that was read and validated once. */
export interface Query {
  readonly document: DocumentNode;
  /** What makes it impossible to run. */
  readonly errors: readonly ErrorEntry[];
  readonly operations: readonly OperationDefinitionNode[];
  /** Whether `@skip` or `@include` make selections depend on variables. */
  readonly isConditional: boolean;
  /** Selections of its fields that were computed already, where they do not depend on variables. */
  readonly selections: WeakMap<FieldNode, Selection>;
  readonly id: number;
}

export interface QueryLimits {
  readonly depth: number;
  readonly introspection: boolean;
}

/** How many different queries are remembered, and how long one may be to be so. */
const remembered = 1000;
const longestRemembered = 100_000;

/** Reads queries, each text once. @throws {RequestError} for a text that is no GraphQL */
export function createQueries(schema: GraphQLSchema, limits: QueryLimits): (text: string) => Query {
  const known = new Map<string, Query>();
  let nextId = 1;
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const query = read(schema, limits, text, nextId++);
    if (text.length <= longestRemembered) {
      if (known.size >= remembered) known.delete(known.keys().next().value ?? '');
      known.set(text, query);
    }
    return query;
  };
}

/** The operation to run, or why there is none. */
export function operationOf(
  { operations }: Query,
  name: string | undefined,
): OperationDefinitionNode | ErrorEntry {
  const refuse = (message: string): ErrorEntry => ({ path: null, locations: null, message });
  if (name === undefined) {
    return operations.length > 1
      ? refuse('Must provide operation name if query contains multiple operations.')
      : (operations[0] ?? refuse('Must provide an operation.'));
  }
  return (
    operations.find((operation) => operation.name?.value === name) ??
    refuse(`Unknown operation named '${name}'.`)
  );
}

function read(schema: GraphQLSchema, limits: QueryLimits, text: string, id: number): Query {
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch {
    throw malformed('Unable to parse GraphQL query.');
  }
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  let isConditional = false;
  visit(document, {
    Directive() {
      isConditional = true;
    },
  });
  const invalid = validationErrors(schema, document);
  return {
    id,
    document,
    operations,
    isConditional,
    selections: new WeakMap(),
    errors:
      invalid.length > 0
        ? invalid
        : [...introspection(document, limits), ...tooDeep(document, operations, limits)],
  };
}

function introspection(document: DocumentNode, limits: QueryLimits): ErrorEntry[] {
  const errors: ErrorEntry[] = [];
  if (limits.introspection) return errors;
  visit(document, {
    Field(node) {
      const name = node.name.value;
      if (name !== '__schema' && name !== '__type') return;
      const { line = 0, column = 0 } = node.loc?.startToken ?? {};
      errors.push({
        path: null,
        locations: locationsOf([{ line, column }]),
        message: `Validation error of type FieldUndefined: Field '${name}' in type 'Query' is undefined @ '${name}'`,
      });
    },
  });
  return errors;
}

function tooDeep(
  document: DocumentNode,
  operations: readonly OperationDefinitionNode[],
  limits: QueryLimits,
): ErrorEntry[] {
  if (limits.depth === 0) return [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  }
  const depth = Math.max(...operations.map(({ selectionSet }) => depthOf(selectionSet, fragments)));
  if (depth <= limits.depth) return [];
  return [
    {
      path: null,
      locations: null,
      message: `Query depth limit exceeded: the query is ${depth} levels deep, the limit is ${limits.depth}.`,
    },
  ];
}

/** How many levels of fields there are; introspection does not count. */
function depthOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  let deepest = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue;
      const below = selection.selectionSet ? depthOf(selection.selectionSet, fragments) : 0;
      deepest = Math.max(deepest, 1 + below);
    } else {
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection.selectionSet
          : fragments.get(selection.name.value)?.selectionSet;
      if (inner) deepest = Math.max(deepest, depthOf(inner, fragments));
    }
  }
  return deepest;
}
