import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType,
  Kind,
  parse,
  validateSchema,
} from 'graphql';
import { equip, scalarNames } from './scalars.ts';

/** What AppSync adds to every schema. */
const additions = `
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
${scalarNames.map((name) => `scalar ${name}`).join('\n')}
`;

/** https://docs.aws.amazon.com/general/latest/gr/appsync.html */
const largestSchema = 1024 * 1024;

/** An executable schema, and which mutations each subscription field listens to. */
export interface ApiSchema {
  readonly schema: GraphQLSchema;
  readonly mutationsOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * Builds a schema as AppSync would at deployment, and refuses what AppSync refuses though graphql-js accepts it.
 * @throws {Error} that names the definition and what is wrong with it
 */
export function schemaOf(definition: string): ApiSchema {
  const size = Buffer.byteLength(definition);
  if (size > largestSchema) {
    throw new Error(`The schema has ${size} bytes, but AppSync takes at most ${largestSchema}.`);
  }
  const document = parse(definition);
  refuse(document);
  const schema = buildASTSchema({
    kind: Kind.DOCUMENT,
    definitions: [...parse(additions).definitions, ...document.definitions],
  });
  const [first] = validateSchema(schema);
  if (first) throw first;
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type)) equip(type);
    if (isAbstractType(type)) type.resolveType = (value) => (value as { __typename?: string }).__typename;
    if (isObjectType(type) && !type.name.startsWith('__')) {
      type.isTypeOf = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
    }
  }
  return { schema, mutationsOf: subscriptionsOf(schema) };
}

function refuse(document: DocumentNode): void {
  for (const definition of document.definitions) {
    const name = 'name' in definition ? (definition.name?.value ?? '') : '';
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_EXTENSION:
      case Kind.UNION_TYPE_EXTENSION:
      case Kind.ENUM_TYPE_EXTENSION:
      case Kind.INPUT_OBJECT_TYPE_EXTENSION:
      case Kind.SCALAR_TYPE_EXTENSION:
      case Kind.SCHEMA_EXTENSION:
        throw new Error(`AppSync does not take "extend ${name}": merge it into the type before deployment.`);
      case Kind.SCALAR_TYPE_DEFINITION:
        throw new Error(`AppSync has no custom scalars: use one of its own in place of ${name}.`);
      case Kind.DIRECTIVE_DEFINITION:
        throw new Error(`AppSync does not take directive definitions: remove @${name}.`);
      case Kind.INTERFACE_TYPE_DEFINITION:
        if ((definition.interfaces?.length ?? 0) > 0) {
          throw new Error(`AppSync has no interface that implements an interface: ${name} does.`);
        }
        break;
      case Kind.OPERATION_DEFINITION:
      case Kind.FRAGMENT_DEFINITION:
        throw new Error('A schema holds no operations and no fragments.');
    }
  }
}

function subscriptionsOf(schema: GraphQLSchema): Map<string, readonly string[]> {
  const mutations = schema.getMutationType()?.getFields() ?? {};
  const found = new Map<string, readonly string[]>();
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    const directive = field.astNode?.directives?.find(({ name }) => name.value === 'aws_subscribe');
    const value = directive?.arguments?.[0]?.value;
    const names =
      value?.kind === Kind.LIST
        ? value.values.map((item) => ('value' in item ? String(item.value) : ''))
        : [];
    for (const name of names) {
      const mutation = mutations[name];
      if (!mutation)
        throw new Error(`Subscription.${field.name} subscribes to the unknown mutation ${name}.`);
      if (String(mutation.type).replaceAll('!', '') !== String(field.type).replaceAll('!', '')) {
        throw new Error(
          `Subscription.${field.name} gives ${String(field.type)}, but its mutation ${name} gives ${String(mutation.type)}: they must be the same.`,
        );
      }
    }
    found.set(field.name, names);
  }
  return found;
}

/** The object type of that name. @throws {Error} when there is none */
export function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`The schema has no type ${name}.`);
  return type;
}
