import {
  type ConstDirectiveNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
} from 'graphql';
import type { Caller } from '../aws.ts';
import type { AuthMode } from './api.ts';

/** Who asks, however they have shown it. */
export interface Requester {
  readonly mode: AuthMode['type'];
  /** What resolvers read as `ctx.identity`. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly groups: readonly string[];
  /** The caller with AWS credentials. */
  readonly caller?: Caller;
  /** Milliseconds since 1970; when the token ends. */
  readonly endsAt?: number;
  /** Equal for requesters that may read the same fields. */
  readonly key: string;
}

/** Who may access a field or a type. */
export interface Rule {
  readonly iam: boolean;
  /** Every user of the pool, none, or those in one of the groups. */
  readonly userPools: boolean | ReadonlySet<string>;
}

/** The rules of a schema. */
export interface Rules {
  of(typeName: string, fieldName: string): Rule;
  ofType(typeName: string): Rule;
}

export function isAllowed(rule: Rule, requester: Requester): boolean {
  if (requester.mode === 'AWS_IAM') return rule.iam;
  const { userPools } = rule;
  if (typeof userPools === 'boolean') return userPools;
  for (const group of requester.groups) if (userPools.has(group)) return true;
  return false;
}

/**
 * Reads the authorisation directives: those of a field replace those of its type, and where there is none, the default
 * mode alone is allowed (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
 */
export function rulesOf(schema: GraphQLSchema, authModes: readonly [AuthMode, ...AuthMode[]]): Rules {
  const fallback = defaultRule(authModes[0]);
  const onlyUserPools = authModes.length === 1 && authModes[0].type === 'AMAZON_COGNITO_USER_POOLS';
  const types = new Map<string, Rule>();
  const fields = new Map<string, Rule>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const typeRule = ruleOf(type.astNode?.directives ?? [], type.name, onlyUserPools) ?? fallback;
    types.set(type.name, typeRule);
    for (const [name, rule] of fieldRules(type, typeRule, onlyUserPools))
      fields.set(`${type.name}.${name}`, rule);
  }
  return {
    of: (typeName, fieldName) => fields.get(`${typeName}.${fieldName}`) ?? fallback,
    ofType: (typeName) => types.get(typeName) ?? fallback,
  };
}

function* fieldRules(
  type: GraphQLObjectType,
  typeRule: Rule,
  onlyUserPools: boolean,
): Iterable<[string, Rule]> {
  for (const field of Object.values(type.getFields())) {
    const where = `${type.name}.${field.name}`;
    yield [field.name, ruleOf(field.astNode?.directives ?? [], where, onlyUserPools) ?? typeRule];
  }
}

function ruleOf(
  directives: readonly ConstDirectiveNode[],
  where: string,
  onlyUserPools: boolean,
): Rule | undefined {
  let rule: Rule | undefined;
  for (const directive of directives) {
    switch (directive.name.value) {
      case 'aws_auth':
        if (!onlyUserPools) {
          throw new Error(
            `@aws_auth on ${where} has no effect beside additional authorization modes: use @aws_cognito_user_pools.`,
          );
        }
        rule = { iam: rule?.iam ?? false, userPools: groupsOf(directive) };
        break;
      case 'aws_cognito_user_pools':
        rule = { iam: rule?.iam ?? false, userPools: groupsOf(directive) };
        break;
      case 'aws_iam':
        rule = { iam: true, userPools: rule?.userPools ?? false };
        break;
      case 'aws_api_key':
      case 'aws_oidc':
      case 'aws_lambda':
        rule ??= { iam: false, userPools: false };
    }
  }
  return rule;
}

function groupsOf(directive: ConstDirectiveNode): true | ReadonlySet<string> {
  const value = directive.arguments?.find(({ name }) => name.value === 'cognito_groups')?.value;
  if (value?.kind !== Kind.LIST) return true;
  return new Set(value.values.map((item) => (item.kind === Kind.STRING ? item.value : '')));
}

function defaultRule(mode: AuthMode): Rule {
  return mode.type === 'AWS_IAM'
    ? { iam: true, userPools: false }
    : { iam: false, userPools: mode.defaultAction !== 'DENY' };
}
