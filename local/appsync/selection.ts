import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a client asked for below a field, as resolvers read it in `ctx.info`. */
export interface Selection {
  /** Every field below, as `a` and `a/b`; aliases in place of names, fragments resolved. */
  readonly selectionSetList: string[];
  /** The selection as it was written, fragments as such. */
  readonly selectionSetGraphQL: string;
}

type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;
type Variables = Readonly<Record<string, unknown>>;

/** https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html#aws-appsync-resolver-context-reference-info-js */
export function selectionOf(
  nodes: readonly FieldNode[],
  fragments: Fragments,
  variables: Variables,
): Selection {
  const paths = new Set<string>();
  const spread = new Set<string>();
  for (const { selectionSet } of nodes)
    if (selectionSet) walk(selectionSet, '', fragments, variables, paths, spread);
  return {
    selectionSetList: [...paths],
    selectionSetGraphQL: nodes
      .map(({ selectionSet }) => (selectionSet ? print(selectionSet) : ''))
      .join('\n'),
  };
}

function walk(
  { selections }: SelectionSetNode,
  prefix: string,
  fragments: Fragments,
  variables: Variables,
  paths: Set<string>,
  /** The fragments that were spread already, by place: once more adds nothing. */
  spread: Set<string>,
): void {
  for (const selection of selections) {
    if (!isIncluded(selection, variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const path = prefix + (selection.alias ?? selection.name).value;
      paths.add(path);
      if (selection.selectionSet)
        walk(selection.selectionSet, `${path}/`, fragments, variables, paths, spread);
    } else {
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
      const place = isSpread ? `${selection.name.value} ${prefix}` : '';
      if (isSpread && spread.has(place)) continue;
      if (isSpread) spread.add(place);
      const inner = isSpread ? fragments[selection.name.value]?.selectionSet : selection.selectionSet;
      if (inner) walk(inner, prefix, fragments, variables, paths, spread);
    }
  }
}

/** Whether `@skip` and `@include` leave a selection in. */
export function isIncluded(selection: SelectionNode, variables: Variables): boolean {
  if (!selection.directives || selection.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  if (skip?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false;
}
