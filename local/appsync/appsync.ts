import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { stop } from 'esbuild';
import type { Caller } from '../aws.ts';
import type { AppSyncOptions } from './api.ts';
import { createAuthentication, serviceRequester } from './authentication.ts';
import { rulesOf } from './authorization.ts';
import { createQueries } from './documents.ts';
import { equipFields } from './fields.ts';
import { createEndpoint, type Endpoint, inTime, operationRequest } from './http.ts';
import { createLambdaSource } from './lambda.ts';
import { type Answer, renderEvent, runOperation, startSubscription } from './operations.ts';
import { createRealtime } from './realtime.ts';
import { createResolver, type Resolver } from './resolver.ts';
import { createCodeLoader } from './runtime/code.ts';
import { objectType, schemaOf } from './schema.ts';
import { createSubscriptions } from './subscriptions.ts';

/** A GraphQL API as AWS AppSync runs it. */
export interface AppSync extends Endpoint {
  /** Takes connections to `<endpoint>/realtime`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Runs an operation for a service of AWS that has taken on a role. @throws {RequestError} as the endpoint answers it */
  run(
    request: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
    caller: Caller,
  ): Promise<Answer>;
  close(): void;
}

/**
 * Builds the API. What AppSync would refuse at deployment is an error that names it.
 *
 * @example
 * const api = createAppSync({ apiId, definition, authModes, dataSources, resolvers, place, invoke, verifyToken, verifySignature });
 * createServer(api.handle).on('upgrade', api.upgrade);
 */
export function createAppSync(options: AppSyncOptions): AppSync {
  const { schema, mutationsOf } = schemaOf(options.definition);
  const rules = rulesOf(schema, options.authModes);
  const parts = { options, lambda: createLambdaSource(options.invoke), handlersOf: createCodeLoader() };
  const resolvers = new Map<string, Resolver>();
  for (const source of options.resolvers) {
    const name = `${source.typeName}.${source.fieldName}`;
    if (!objectType(schema, source.typeName).getFields()[source.fieldName]) {
      throw new Error(`There is a resolver for ${name}, but the schema has no such field.`);
    }
    if (resolvers.has(name)) throw new Error(`There are two resolvers for ${name}.`);
    resolvers.set(name, createResolver(parts, source));
  }
  // All code is loaded: the thread and the process that have transformed it would only hold memory.
  void stop();
  equipFields(schema, rules, resolvers, options);

  const authenticate = createAuthentication(options);
  const queryOf = createQueries(schema, {
    depth: options.limits?.queryDepthLimit ?? 0,
    introspection: options.introspection !== 'DISABLED',
  });
  const subscriptions = createSubscriptions(mutationsOf, (subscription, data) =>
    renderEvent(schema, subscription, data),
  );
  const realtime = createRealtime({
    options,
    authenticate,
    queryOf,
    subscriptions,
    start: (request, requester, headers) => startSubscription(schema, rules, request, requester, headers),
  });
  const endpoint = createEndpoint({
    options,
    authenticate,
    queryOf,
    run: (request, requester, headers) => runOperation(schema, subscriptions, request, requester, headers),
  });
  return {
    ...endpoint,
    upgrade: realtime.upgrade,
    async run(input, caller) {
      const requester = serviceRequester(options, caller);
      const running = runOperation(schema, subscriptions, operationRequest(input, queryOf), requester, {});
      const ran = await inTime(options, running);
      ran.announce();
      return ran.answer;
    },
    close: realtime.close,
  };
}
