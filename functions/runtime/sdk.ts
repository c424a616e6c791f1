import type { EventBridgeClientConfig } from '@aws-sdk/client-eventbridge';
import { env } from './env.ts';
import { requestSigner } from './signer.ts';

/** How a client that is called in every request is made: everything that stays the same is made once. */
export function busyClient(
  service: 'dynamodb' | 'events',
): Required<Pick<EventBridgeClientConfig, 'region' | 'credentials' | 'signer'>> & Transport {
  const region = env('AWS_REGION');
  // Those of the environment stay as they are until Lambda ends it.
  const credentials = {
    accessKeyId: env('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY'),
    ...(process.env.AWS_SESSION_TOKEN ? { sessionToken: process.env.AWS_SESSION_TOKEN } : {}),
  };
  const signer = requestSigner({ service, region, credentials });
  const requestHandler = carrier();
  return { region, credentials, signer, ...(requestHandler ? { requestHandler } : {}) };
}

interface Transport {
  readonly requestHandler?: HttpHandler;
}

type HttpHandler = Extract<NonNullable<EventBridgeClientConfig['requestHandler']>, { handle: unknown }>;

/**
 * What carries the calls of a client in the place of HTTP: what runs the function may bring it, under
 * `Symbol.for('fidelia.requestHandler')` of the global scope. The local cloud does, since calls inside of one process need
 * no network; AWS does not.
 */
export function carrier(): HttpHandler | undefined {
  return Reflect.get(globalThis, Symbol.for('fidelia.requestHandler'));
}

/**
 * What the SDK does in every call for others than us: it logs to nobody, names itself to AWS's statistics, and marks loops
 * of functions that call each other over services that are not called here.
 */
export const unneeded = ['loggerMiddleware', 'getUserAgentMiddleware', 'recursionDetectionMiddleware'];

interface Removable {
  remove(name: string): boolean;
}

/** Takes middlewares of the SDK from a stack. @throws Error when one is not there, as with another version of the SDK. */
export function remove(stack: Removable, names: readonly string[]): void {
  for (const name of names) {
    if (!stack.remove(name)) throw new Error(`the SDK has no middleware ${name} any more`);
  }
}
