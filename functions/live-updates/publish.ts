import { json } from 'node:stream/consumers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { CustomerActivityInput, NotificationSignalInput } from '../../graphql/generated/types.ts';
import { env } from '../runtime/env.ts';
import { carrier } from '../runtime/sdk.ts';
import { requestSigner } from '../runtime/signer.ts';

const endpoint = new URL(env('GRAPHQL_URL'));

// Keeps its connections; fetch costs three times the processor time.
const client = carrier() ?? new NodeHttpHandler({ requestTimeout: 5000, throwOnRequestTimeout: true });

const signer = requestSigner({
  service: 'appsync',
  region: env('AWS_REGION'),
  credentials: {
    accessKeyId: env('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env('AWS_SESSION_TOKEN'),
  },
});

/**
 * All fields: a subscriber gets what these selections ask for, and nothing else. One mutation a request and no alias:
 * AppSync is reported to leave subscribers of aliased fields without them
 * (https://github.com/aws/aws-appsync-community/issues/160).
 */
export const mutations = {
  activity: `mutation Publish($input: CustomerActivityInput!) {
  _publishCustomerActivity(input: $input) { id customerId kind channel direction occurredAt version }
}`,
  notification: `mutation Publish($input: NotificationSignalInput!) {
  _publishNotification(input: $input) { id recipientId createdAt version }
}`,
} as const;

/** Tells the subscribers of a customer. @throws Error when AppSync did not take it; telling them again does no harm. */
export const publishActivity = (input: CustomerActivityInput): Promise<void> =>
  publish(mutations.activity, input);

/** Tells a user. @throws Error when AppSync did not take it; telling them again does no harm. */
export const publishNotification = (input: NotificationSignalInput): Promise<void> =>
  publish(mutations.notification, input);

async function publish(query: string, input: object): Promise<void> {
  const body = JSON.stringify({ query, variables: { input } });
  const request = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
    path: endpoint.pathname,
    headers: { host: endpoint.host, 'content-type': 'application/json' },
    body,
  });
  const { response } = await client.handle(request as Parameters<typeof client.handle>[0]);
  const answer = (await read(response.body)) as { errors?: readonly { readonly message: string }[] };
  if (response.statusCode !== 200 || answer.errors?.length) {
    const said = answer.errors?.map(({ message }) => message).join('; ');
    throw new Error(`AppSync answered ${response.statusCode}: ${said}`);
  }
}

const utf8 = new TextDecoder();

/** A body comes as bytes or as a stream of them. */
const read = async (body: Uint8Array | NodeJS.ReadableStream): Promise<unknown> =>
  body instanceof Uint8Array ? JSON.parse(utf8.decode(body)) : json(body);
