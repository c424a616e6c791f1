import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

type RequestHandler = NonNullable<DynamoDBClientConfig['requestHandler']>;

/**
 * What carries the calls of an SDK client: what runs the function may bring its own request handler, under
 * `Symbol.for('fidelia.requestHandler')` of the global scope. The local cloud does, since calls inside of one process need
 * no network; AWS does not, and the SDK speaks HTTP.
 */
export function transport(): { readonly requestHandler?: RequestHandler } {
  const requestHandler = Reflect.get(globalThis, Symbol.for('fidelia.requestHandler'));
  return requestHandler ? { requestHandler } : {};
}
