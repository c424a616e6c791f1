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

/** What a signature must be for; any region will do when none is given. */
export interface Scope {
  readonly service: string;
  readonly region?: string | undefined;
}

/**
 * Verifies who sends a request, and that the signature is for the service and the region that got it.
 *
 * @throws AwsError as `verifySignature` does, `UnrecognizedClientException` for the wrong session token, and
 * `InvalidSignatureException` (in S3: `AuthorizationHeaderMalformed`) for a signature of another scope.
 */
export function callerOf(
  request: SignedRequest,
  { identityOf }: Pick<Identities, 'identityOf'>,
  scope: Scope,
): SignedBy {
  const { accessKeyId, service, region } = verifySignature(request, (id) => identityOf(id)?.secretAccessKey);
  checkScope(service, region, scope);
  const identity = identityOf(accessKeyId);
  if (!identity || identity.sessionToken !== request.headers['x-amz-security-token']) {
    throw new AwsError(
      'UnrecognizedClientException',
      'The security token included in the request is invalid.',
    );
  }
  return { caller: identity.caller, service };
}

/** STS is also there for the whole world, under the region us-east-1. */
const worldwide: Readonly<Record<string, string>> = { sts: 'us-east-1' };

function checkScope(service: string, region: string, scope: Scope): void {
  if (service !== scope.service) {
    throw new AwsError(
      'InvalidSignatureException',
      `Credential should be scoped to correct service: '${scope.service}'. `,
    );
  }
  if (scope.region === undefined || region === scope.region || region === worldwide[service]) return;
  throw service === 's3'
    ? new AwsError(
        'AuthorizationHeaderMalformed',
        `The authorization header is malformed; the region '${region}' is wrong; expecting '${scope.region}'`,
      )
    : new AwsError(
        'InvalidSignatureException',
        `Credential should be scoped to a valid region, not '${region}'. `,
      );
}
