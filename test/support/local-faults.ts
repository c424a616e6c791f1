import { signedPost } from './signed-post.ts';
import type { AwsEndpoint } from './sqs.ts';

/** What a running stack says of its faults. */
export interface FaultsShown {
  readonly rules: readonly { readonly kind: string; readonly fault: string; readonly struck: number }[];
}

/** Sets (PUT), shows (GET) or ends (DELETE) the faults of a running stack, as its administrator. */
export async function askFaults(
  endpoint: AwsEndpoint,
  method: 'GET' | 'PUT' | 'DELETE',
  plan?: object,
): Promise<FaultsShown> {
  const answer = await signedPost({
    url: `${endpoint.awsEndpointUrl}/_local/faults`,
    method,
    service: 'local',
    region: endpoint.region,
    credentials: { accessKeyId: endpoint.adminAccessKeyId, secretAccessKey: endpoint.adminSecretAccessKey },
    body: plan === undefined ? '' : JSON.stringify(plan),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`The faults answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
