import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { remove, unneeded } from './sdk.ts';

/** A service that speaks JSON, as one of the protocols AWS JSON has it. */
export interface JsonService {
  readonly client: Client;
  /** How requests name the service, before the operation. */
  readonly target: string;
  /** Of the protocol. */
  readonly version: '1.0' | '1.1';
}

/** A client of the SDK for such a service. */
interface Client {
  readonly config: Pick<
    EventBridgeClient['config'],
    | 'endpointProvider'
    | 'logger'
    | 'protocol'
    | 'region'
    | 'requestHandler'
    | 'serviceId'
    | 'signer'
    | 'streamCollector'
    | 'useDualstackEndpoint'
    | 'useFipsEndpoint'
  >;
  readonly middlewareStack: { clone(): object };
}

/** What the calls do in the place of the SDK. */
const replaced = [
  'serializerMiddleware',
  'contentLengthMiddleware',
  'hostHeaderMiddleware',
  'httpAuthSchemeMiddleware',
  'httpSigningMiddleware',
  'deserializerMiddleware',
];

/**
 * An operation of a service: takes and answers JSON as it goes over the wire
 * (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html), times as seconds since 1970. The SDK's client tries
 * again and reads errors. But what is sent and answered becomes JSON and is read as it is, where the SDK looks for every
 * member of every item in the schema of the service; and the address and the signer, which the SDK finds anew for each
 * call, are the same for all. So a call takes a quarter of the processor time.
 *
 * The time of a signature is that of the machine, which Lambda keeps right
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, at TZ).
 *
 * @throws Error as the SDK does, named as the service names it
 */
export function jsonCall<Answer extends object>(
  { client, target, version }: JsonService,
  operation: string,
): (input: object) => Promise<Answer> {
  const { config } = client;
  const protocol = config.protocol as unknown as Protocol;
  const constant = once(async () => ({ address: await addressOf(config), signer: await config.signer() }));
  const stack = client.middlewareStack.clone() as EventBridgeClient['middlewareStack'];
  remove(stack, [...unneeded, ...replaced]);

  stack.add(
    (next) => async (args) => {
      const { address } = await constant();
      const body = JSON.stringify(args.input);
      const headers = {
        host: address.host,
        'content-type': `application/x-amz-json-${version}`,
        'content-length': String(Buffer.byteLength(body)),
        'x-amz-target': `${target}.${operation}`,
      };
      return next({ ...args, request: { ...address, method: 'POST', query: {}, headers, body } });
    },
    { step: 'serialize' },
  );

  // After that which tries again: each attempt has a signature of its own.
  stack.add(
    (next) => async (args) => {
      const { signer } = await constant();
      return next({ ...args, request: await signer.sign(args.request as never) });
    },
    { step: 'finalizeRequest', priority: 'low' },
  );

  stack.add(
    (next) => async (args) => {
      const response = (await next(args)).response as Response;
      if (response.statusCode >= 300) throw await errorOf(response);
      const output = JSON.parse(await textOf(response));
      return { response, output: { ...output, $metadata: {} } };
    },
    { step: 'deserialize' },
  );

  async function errorOf(response: Response): Promise<unknown> {
    const schema = { namespace: '', name: operation, traits: {}, input: 'unit', output: 'unit' } as const;
    try {
      return await protocol.deserializeResponse(schema, config, response);
    } catch (error) {
      // By both the SDK knows when to try again. An error of what lies before the service is no JSON, and has neither.
      const failure = error as Error & { $metadata?: object };
      failure.$metadata ??= { httpStatusCode: response.statusCode };
      return Object.defineProperty(failure, '$response', { value: response });
    }
  }

  async function textOf({ body }: Response): Promise<string> {
    const bytes = body instanceof Uint8Array ? body : await config.streamCollector(body);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  }

  const handle = stack.resolve(({ request }) => config.requestHandler.handle(request as never), {
    clientName: `${config.serviceId}Client`,
    commandName: operation,
    logger: config.logger,
  });
  return async (input) => (await handle({ input: input as never })).output as unknown as Answer;
}

interface Protocol {
  /** @throws what a response of an error says. */
  deserializeResponse(schema: object, context: object, response: Response): Promise<unknown>;
}

interface Response {
  readonly statusCode: number;
  readonly body: Uint8Array | NodeJS.ReadableStream;
}

/** Where the service is: where the environment says, or where the SDK knows it to be. */
async function addressOf(config: Client['config']) {
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  const name = config.serviceId.toUpperCase().replaceAll(' ', '_');
  const endpoint = process.env[`AWS_ENDPOINT_URL_${name}`] ?? process.env.AWS_ENDPOINT_URL;
  const { url } = config.endpointProvider({
    Region: await config.region(),
    UseFIPS: await config.useFipsEndpoint(),
    UseDualStack: await config.useDualstackEndpoint(),
    ...(endpoint ? { Endpoint: endpoint } : {}),
  });
  const { protocol, hostname, port, host, pathname } = url;
  return { protocol, hostname, host, path: pathname, ...(port ? { port: Number(port) } : {}) };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error) => {
      made = undefined;
      throw error;
    }));
}
