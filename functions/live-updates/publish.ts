import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { CustomerActivityInput } from '../../graphql/generated/types.ts';
import { env } from '../runtime/env.ts';

const endpoint = new URL(env('GRAPHQL_URL'));

const signer = new SignatureV4({
  service: 'appsync',
  region: env('AWS_REGION'),
  sha256: Sha256,
  credentials: {
    accessKeyId: env('AWS_ACCESS_KEY_ID'),
    secretAccessKey: env('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env('AWS_SESSION_TOKEN'),
  },
});

// All fields: a subscriber gets what this selection asks for, and nothing else.
const selection = '{ id customerId kind channel direction occurredAt version }';

/**
 * Publishes activities to their subscribers by the internal mutation, all in one signed request.
 *
 * @throws Error when AppSync did not take them all; publishing again repeats some, which tells nobody anything wrong.
 */
export async function publish(activities: readonly CustomerActivityInput[]): Promise<void> {
  const body = JSON.stringify(requestOf(activities));
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: endpoint.protocol,
    hostname: endpoint.hostname,
    path: endpoint.pathname,
    headers: { host: endpoint.host, 'content-type': 'application/json' },
    body,
  });
  const response = await fetch(endpoint, { method: 'POST', headers, body });
  const answer = (await response.json()) as { errors?: readonly { readonly message: string }[] };
  if (!response.ok || answer.errors?.length) {
    throw new Error(
      `AppSync answered ${response.status}: ${answer.errors?.map(({ message }) => message).join('; ')}`,
    );
  }
}

/** One mutation an activity, under aliases. */
export function requestOf(activities: readonly CustomerActivityInput[]) {
  const parameters = activities.map((_, index) => `$a${index}: CustomerActivityInput!`).join(', ');
  const fields = activities
    .map((_, index) => `a${index}: _publishCustomerActivity(input: $a${index}) ${selection}`)
    .join('\n');
  return {
    query: `mutation Publish(${parameters}) {\n${fields}\n}`,
    variables: Object.fromEntries(activities.map((activity, index) => [`a${index}`, activity])),
  };
}
