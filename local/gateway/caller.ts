import { AwsError, type Caller } from '../aws.ts';
import type { Identities } from '../identity.ts';
import { type SignedRequest, verifySignature } from '../sigv4.ts';
import type { GatewayRequest } from './http.ts';

/** Who signed a request, and for which service. */
export interface SignedBy {
  readonly caller: Caller;
  readonly service: string;
}

/** The service in the scope of a signature, unverified: `…/20260102/eu-west-2/s3/aws4_request`. */
export function signedService(request: GatewayRequest): string | undefined {
  return /Credential=[^/,\s]+\/\d+\/[^/]+\/([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Verifies who sends a request.
 *
 * @throws AwsError as `verifySignature` does, and `UnrecognizedClientException` for the wrong session token.
 */
export function callerOf(request: SignedRequest, { identityOf }: Pick<Identities, 'identityOf'>): SignedBy {
  const { accessKeyId, service } = verifySignature(request, (id) => identityOf(id)?.secretAccessKey);
  const identity = identityOf(accessKeyId);
  if (!identity || identity.sessionToken !== request.headers['x-amz-security-token']) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  return { caller: identity.caller, service };
}
