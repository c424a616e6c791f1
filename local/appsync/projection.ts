import {
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

type Fragments = Readonly<Record<string, FragmentDefinitionNode | undefined>>;

/**
 * What a mutation tells its subscribers: its answer under the names of the fields in place of aliases, and JSON read
 * again, as a resolver would have given it. What the mutation's caller did not select is not there.
 */
export function project(
  schema: GraphQLSchema,
  typeName: string,
  selectionSet: SelectionSetNode,
  fragments: Fragments,
  data: unknown,
): unknown {
  if (Array.isArray(data))
    return data.map((item) => project(schema, typeName, selectionSet, fragments, item));
  if (typeof data !== 'object' || data === null) return data;
  const projected: Record<string, unknown> = {};
  fill(schema, typeName, selectionSet, fragments, data as Record<string, unknown>, projected);
  return projected;
}

function fill(
  schema: GraphQLSchema,
  typeName: string,
  { selections }: SelectionSetNode,
  fragments: Fragments,
  data: Readonly<Record<string, unknown>>,
  projected: Record<string, unknown>,
): void {
  const type = schema.getType(typeName);
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD) {
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
      if (!fragment) continue;
      fill(
        schema,
        fragment.typeCondition?.name.value ?? typeName,
        fragment.selectionSet,
        fragments,
        data,
        projected,
      );
      continue;
    }
    const name = selection.name.value;
    const value = data[selection.alias?.value ?? name];
    if (value === undefined) continue;
    const field = isObjectType(type) || (type && 'getFields' in type) ? type.getFields()[name] : undefined;
    const fieldType = field ? getNamedType(field.type) : undefined;
    projected[name] =
      selection.selectionSet && isCompositeType(fieldType)
        ? project(schema, fieldType.name, selection.selectionSet, fragments, value)
        : fieldType?.name === 'AWSJSON'
          ? readJson(value)
          : value;
  }
}

function readJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(readJson);
  return typeof value === 'string' ? JSON.parse(value) : value;
}
