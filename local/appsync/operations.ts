import {
  type ExecutionResult,
  execute,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { Requester, Rules } from './authorization.ts';
import { isAllowed } from './authorization.ts';
import { type OperationContext, operationContext, type Started } from './context.ts';
import { operationOf, type Query } from './documents.ts';
import { type ErrorEntry, entryOf, unauthorized } from './errors.ts';
import { project } from './projection.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';

/** What a client wants: a query with its variables, and which of its operations. */
export interface OperationRequest {
  readonly query: Query;
  readonly operationName?: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The body of an answer. */
export interface Answer {
  readonly data: unknown;
  readonly errors?: readonly ErrorEntry[];
}

/** What became of a request. */
export interface Ran {
  readonly answer: Answer;
  readonly operation: OperationDefinitionNode | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
  /** Tells subscribers what mutations gave, and ends the subscriptions that they invalidated. */
  readonly announce: () => void;
}

const refused = (errors: readonly ErrorEntry[]): Ran => ({
  answer: { data: null, errors },
  operation: undefined,
  responseHeaders: {},
  announce: () => {},
});

/** Runs a query or a mutation. */
export async function runOperation(
  schema: GraphQLSchema,
  subscriptions: Subscriptions,
  request: OperationRequest,
  requester: Requester,
  headers: Readonly<Record<string, string>>,
): Promise<Ran> {
  const { query, variables } = request;
  if (query.errors.length > 0) return refused(query.errors);
  const operation = operationOf(query, request.operationName);
  if (!('kind' in operation)) return refused([operation]);
  if (operation.operation === 'subscription') {
    return refused([
      {
        path: null,
        locations: null,
        errorType: 'UnsupportedOperation',
        message: 'Subscriptions are started through the realtime endpoint, not by POST.',
      },
    ]);
  }
  const context = operationContext('run', requester, headers, query, variables);
  const result = await executed(schema, query, operation, variables, context);
  const errors = [...(result.errors ?? []).map((error) => entryOf(schema, error)), ...context.appended];
  return {
    answer: errors.length > 0 ? { data: result.data ?? null, errors } : { data: result.data ?? null },
    operation,
    responseHeaders: context.responseHeaders,
    announce: () => {
      if (operation.operation === 'mutation' && result.data) {
        publish(schema, subscriptions, query, operation, result.data);
      }
      for (const { subscriptionField, payload } of context.invalidations) {
        subscriptions.invalidate(subscriptionField, payload);
      }
    },
  };
}

/** Asks the root field of a subscription whether it may start. */
export async function startSubscription(
  schema: GraphQLSchema,
  rules: Rules,
  request: OperationRequest,
  requester: Requester,
  headers: Readonly<Record<string, string>>,
): Promise<(Started & { readonly operation: OperationDefinitionNode }) | ErrorEntry[]> {
  const { query, variables } = request;
  if (query.errors.length > 0) return [...query.errors];
  const operation = operationOf(query, request.operationName);
  if (!('kind' in operation)) return [operation];
  if (operation.operation !== 'subscription') {
    return [
      {
        path: null,
        locations: null,
        errorType: 'UnsupportedOperation',
        message: `${operation.operation} not supported through the realtime channel`,
      },
    ];
  }
  const context = operationContext('start', requester, headers, query, variables);
  const result = await executed(schema, query, operation, variables, context);
  const { started } = context;
  if (!started) return (result.errors ?? []).map((error) => entryOf(schema, error));
  if (started.error) return [started.error];
  const field = schema.getSubscriptionType()?.getFields()[started.fieldName];
  const type = field && getNamedType(field.type);
  if (isObjectType(type) && !isAllowed(rules.ofType(type.name), requester)) {
    const { message, errorType } = unauthorized(started.fieldName, 'Subscription');
    return [{ path: [started.fieldName], locations: null, errorType, message }];
  }
  return { ...started, operation };
}

/** The payload of an event for a subscriber, as JSON. */
export function renderEvent(
  schema: GraphQLSchema,
  subscription: Subscription,
  data: unknown,
): string | undefined {
  const { query, operation, variables, requester, fieldName } = subscription;
  const result = execute({
    schema,
    document: query.document,
    rootValue: { [fieldName]: data },
    contextValue: operationContext('deliver', requester, {}, query, variables),
    variableValues: variables,
    ...(operation.name ? { operationName: operation.name.value } : {}),
  }) as ExecutionResult | Promise<ExecutionResult>;
  if (result instanceof Promise) return undefined;
  const errors = result.errors?.map((error) => entryOf(schema, error));
  return JSON.stringify(errors ? { data: result.data ?? null, errors } : { data: result.data });
}

async function executed(
  schema: GraphQLSchema,
  query: Query,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  context: OperationContext,
): Promise<ExecutionResult> {
  return execute({
    schema,
    document: query.document,
    contextValue: context,
    variableValues: variables,
    ...(operation.name ? { operationName: operation.name.value } : {}),
  });
}

function publish(
  schema: GraphQLSchema,
  subscriptions: Subscriptions,
  { document }: Query,
  operation: OperationDefinitionNode,
  data: Readonly<Record<string, unknown>>,
): void {
  const type = schema.getMutationType();
  if (!type) return;
  let given: Record<string, unknown> | undefined;
  for (const name of rootFields(document.definitions, operation)) {
    if (!subscriptions.listensTo(name)) continue;
    given ??= project(
      schema,
      type.name,
      operation.selectionSet,
      fragmentsOf(document.definitions),
      data,
    ) as Record<string, unknown>;
    if (given[name] !== null && given[name] !== undefined) subscriptions.publish(name, given[name]);
  }
}

function rootFields(
  definitions: Query['document']['definitions'],
  operation: OperationDefinitionNode,
): Set<string> {
  const fragments = fragmentsOf(definitions);
  const names = new Set<string>();
  const collect = ({ selections }: OperationDefinitionNode['selectionSet']) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else {
        const fragment = fragments[selection.name.value];
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return names;
}

function fragmentsOf(definitions: Query['document']['definitions']): Record<string, FragmentDefinitionNode> {
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const node of definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments[node.name.value] = node;
  }
  return fragments;
}
