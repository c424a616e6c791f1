import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { AppSyncOptions } from './api.ts';
import { isAllowed, type Rule, type Rules } from './authorization.ts';
import { locationOf, pathOf } from './code-context.ts';
import type { OperationContext, Started } from './context.ts';
import { FieldError, locationsOf, unauthorized } from './errors.ts';
import type { Resolver } from './resolver.ts';

/** AppSync's limit for resolvers of one request, and what 0 means. */
export const mostResolvers = 10_000;

type Resolve = (
  source: unknown,
  args: Readonly<Record<string, unknown>>,
  context: OperationContext,
  info: GraphQLResolveInfo,
) => unknown;

/**
 * Gives every field of the schema its behaviour: who may not read it gets an error; else its resolver is asked, or the
 * value is read from its parent under the field's name.
 */
export function equipFields(
  schema: GraphQLSchema,
  rules: Rules,
  resolvers: ReadonlyMap<string, Resolver>,
  options: AppSyncOptions,
): void {
  const most = options.limits?.resolverCountLimit || mostResolvers;
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const check = roots.includes(type)
        ? rootCheck(type, field, rules, options)
        : fieldCheck(type, field, rules);
      const resolver = resolvers.get(`${type.name}.${field.name}`);
      if (type === schema.getSubscriptionType())
        field.resolve = subscriptionField(field.name, check, resolver);
      else if (resolver) field.resolve = resolvedField(field.name, check, resolver, most);
      else field.resolve = plainField(field.name, check);
    }
  }
}

type Check = (context: OperationContext) => void;

function fieldCheck(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>, rules: Rules): Check {
  const rule: Rule = rules.of(type.name, field.name);
  return ({ requester }) => {
    if (!isAllowed(rule, requester)) throw unauthorized(field.name, type.name);
  };
}

/** For IAM, the caller's policies decide about the root fields too. */
function rootCheck(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  rules: Rules,
  { place, apiId, allows }: AppSyncOptions,
): Check {
  const check = fieldCheck(type, field, rules);
  const arn = `arn:aws:appsync:${place.region}:${place.accountId}:apis/${apiId}/types/${type.name}/fields/${field.name}`;
  return (context) => {
    check(context);
    const { caller } = context.requester;
    if (caller && allows && !allows(caller, 'appsync:GraphQL', arn))
      throw unauthorized(field.name, type.name);
  };
}

function plainField(name: string, check: Check): Resolve {
  return (source, _args, context) => {
    check(context);
    return (source as Record<string, unknown> | null | undefined)?.[name];
  };
}

function resolvedField(name: string, check: Check, resolver: Resolver, most: number): Resolve {
  return (source, args, context, info) => {
    check(context);
    if (context.phase === 'deliver') return (source as Record<string, unknown>)[name];
    context.resolversRun++;
    if (context.resolversRun > most) {
      throw new FieldError(
        `Resolver count limit exceeded: a request may run ${most} resolvers.`,
        'ResolverCountLimit',
      );
    }
    return resolver(source, args, context, info);
  };
}

/** When a subscription starts, its resolver may refuse it or set its filter; the value that it gives is nobody's. */
function subscriptionField(name: string, check: Check, resolver: Resolver | undefined): Resolve {
  const start = async (...[source, args, context, info]: Parameters<Resolve>) => {
    const started: Started = { fieldName: name, args };
    context.started = started;
    try {
      check(context);
      await resolver?.(source, args, context, info);
    } catch (error) {
      const { message, errorType, data, errorInfo } =
        error instanceof FieldError ? error : new FieldError('The subscription failed.', 'InternalFailure');
      const locations = locationsOf(locationOf(info));
      started.error = { path: pathOf(info), data, errorType, errorInfo, locations, message };
    }
    return null;
  };
  return (source, args, context, info) =>
    context.phase === 'deliver'
      ? (source as Record<string, unknown>)[name]
      : start(source, args, context, info);
}
