import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CustomerActivityInput } from '../../graphql/generated/types.ts';
import { env } from '../runtime/env.ts';

const endpoint = new URL(env('GRAPHQL_URL'));

const signer = new SignatureV4({
  service: 'appsync',
  region: env('AWS_REGION'),
  sha256: Hash.bind(null, 'sha256'),
  credentials: {
    accessKeyId: env('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env('AWS_SESSION_TOKEN'),
  },
});

/**
 * All fields: a subscriber gets what this selection asks for, and nothing else. One mutation a request and no alias:
 * AppSync is reported to leave subscribers of aliased fields without them
 * (https://github.com/aws/aws-appsync-community/issues/160).
 */
export const mutation = `mutation Publish($input: CustomerActivityInput!) {
  _publishCustomerActivity(input: $input) { id customerId kind channel direction occurredAt version }
}`;

const longestWaitMs = 5000;

/**
 * Publishes an activity to its subscribers by the internal mutation.
 *
 * @throws Error when AppSync did not take it; publishing it again tells nobody anything wrong.
 */
export async function publish(input: CustomerActivityInput): Promise<void> {
  const body = JSON.stringify({ query: mutation, variables: { input } });
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: endpoint.pathname,
    headers: { host: endpoint.host, 'content-type': 'application/json' },
    body,
  });
  const signal = AbortSignal.timeout(longestWaitMs);
  const response = await fetch(endpoint, { method: 'POST', headers, body, signal });
  const answer = (await response.json()) as { errors?: readonly { readonly message: string }[] };
  if (!response.ok || answer.errors?.length) {
    throw new Error(
      `AppSync answered ${response.status}: ${answer.errors?.map(({ message }) => message).join('; ')}`,
    );
  }
}
