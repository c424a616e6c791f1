import { type GraphQLResolveInfo, getLocation, Kind } from 'graphql';
import type { AppSyncOptions } from './api.ts';
import type { OperationContext } from './context.ts';
import { type Selection, selectionOf } from './selection.ts';

/** What resolver code reads: https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html */
export interface CodeContext {
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly args: Readonly<Record<string, unknown>>;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly source: unknown;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly domainName: null };
  readonly info: Readonly<Record<string, unknown>>;
  readonly stash: Record<string, unknown>;
  readonly env: Readonly<Record<string, string>>;
  prev: { result: unknown } | null;
  result?: unknown;
  error?: { message: string; type: string };
}

/** The context of one field. */
export function codeContext(
  options: AppSyncOptions,
  source: unknown,
  given: Readonly<Record<string, unknown>>,
  context: OperationContext,
  info: GraphQLResolveInfo,
): CodeContext {
  const args = withAbsentVariables(given, info);
  return {
    arguments: args,
    args,
    identity: context.requester.identity,
    source: source ?? null,
    request: { headers: context.headers, domainName: null },
    info: {
      fieldName: info.fieldName,
      parentTypeName: info.parentType.name,
      variables: context.variables,
      ...selection(context, info),
    },
    stash: {},
    env: options.environment ?? {},
    prev: null,
  };
}

/**
 * AppSync gives null for an argument whose variable was not set, where graphql-js gives nothing
 * (https://github.com/aws/aws-appsync-community/issues/348).
 */
function withAbsentVariables(
  args: Readonly<Record<string, unknown>>,
  info: GraphQLResolveInfo,
): Readonly<Record<string, unknown>> {
  const absent = info.fieldNodes[0]?.arguments?.filter(
    ({ name, value }) => value.kind === Kind.VARIABLE && !(name.value in args),
  );
  if (!absent || absent.length === 0) return args;
  return { ...args, ...Object.fromEntries(absent.map(({ name }) => [name.value, null])) };
}

function selection(context: OperationContext, info: GraphQLResolveInfo): Selection {
  const { query } = context;
  const [only] = info.fieldNodes;
  if (!only || info.fieldNodes.length > 1 || query.isConditional) {
    return selectionOf(info.fieldNodes, info.fragments, info.variableValues);
  }
  const known = query.selections.get(only);
  if (known) return known;
  const made = selectionOf(info.fieldNodes, info.fragments, info.variableValues);
  query.selections.set(only, made);
  return made;
}

/** Where a field stands in the answer. */
export function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at; at = at.prev) path.unshift(at.key);
  return path;
}

export function locationOf(info: GraphQLResolveInfo) {
  return info.fieldNodes.flatMap(({ loc }) => (loc ? [getLocation(loc.source, loc.start)] : []));
}
