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

/** How many characters of queries are remembered, and of one: read, a query takes about a hundred times its text. */
const mostRemembered = 500_000;
const longestRemembered = 10_000;

/** Reads queries, each text once. @throws {RequestError} for a text that is no GraphQL */
export function createQueries(schema: GraphQLSchema, limits: QueryLimits): (text: string) => Query {
  const known = new Map<string, Query>();
  let nextId = 1;
  let remembered = 0;
  return (text) => {
    const found = known.get(text);
    if (found) return found;
    const query = read(schema, limits, text, nextId++);
    if (text.length <= longestRemembered) {
      remembered += text.length;
      known.set(text, query);
      for (const oldest of known.keys()) {
        if (remembered <= mostRemembered) break;
        known.delete(oldest);
        remembered -= oldest.length;
      }
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

/** What is nested so deeply that it cannot be read to its end is as malformed as what has no end. */
function read(schema: GraphQLSchema, limits: QueryLimits, text: string, id: number): Query {
  try {
    return readNested(schema, limits, text, id);
  } catch (error) {
    if (error instanceof RangeError) throw malformed('Unable to parse GraphQL query.');
    throw error;
  }
}

function readNested(schema: GraphQLSchema, limits: QueryLimits, text: string, id: number): Query {
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
  const depths = new Map<string, number>();
  const depth = Math.max(...operations.map(({ selectionSet }) => depthOf(selectionSet, fragments, depths)));
  if (depth <= limits.depth) return [];
  return [
    {
      path: null,
      locations: null,
      message: `Query depth limit exceeded: the query is ${depth} levels deep, the limit is ${limits.depth}.`,
    },
  ];
}

/** How many levels of fields there are; introspection does not count. Each fragment is measured once, into `depths`. */
function depthOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  depths: Map<string, number>,
): number {
  let deepest = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      if (selection.name.value.startsWith('__')) continue;
      const below = selection.selectionSet ? depthOf(selection.selectionSet, fragments, depths) : 0;
      deepest = Math.max(deepest, 1 + below);
    } else {
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(name ?? '');
      const measured = name === undefined ? undefined : depths.get(name);
      const below = measured ?? (inner ? depthOf(inner.selectionSet, fragments, depths) : 0);
      if (name !== undefined) depths.set(name, below);
      deepest = Math.max(deepest, below);
    }
  }
  return deepest;
}
