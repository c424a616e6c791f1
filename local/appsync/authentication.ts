import type { Caller } from '../aws.ts';
import type { AppSyncOptions, AuthMode } from './api.ts';
import type { Requester } from './authorization.ts';
import { unauthenticated } from './errors.ts';

/** A request, or the headers that a client of the socket signs. */
export interface Credentials {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly sourceIp: string;
}

/** Tells who sends a request. @throws {RequestError} 401 */
export type Authenticate = (credentials: Credentials) => Promise<Requester>;

type UserPoolMode = Extract<AuthMode, { type: 'AMAZON_COGNITO_USER_POOLS' }>;

export function createAuthentication(options: AppSyncOptions): Authenticate {
  const userPools = options.authModes.filter((mode) => mode.type === 'AMAZON_COGNITO_USER_POOLS');
  const iam = options.authModes.some((mode) => mode.type === 'AWS_IAM');
  return async (credentials) => {
    const { authorization } = credentials.headers;
    if (!authorization) {
      throw unauthenticated(
        credentials.headers['x-api-key']
          ? 'You are not authorized to make this call.'
          : 'Valid authorization header not provided.',
      );
    }
    if (authorization.startsWith('AWS4-HMAC-SHA256')) {
      if (!iam) throw unauthenticated('You are not authorized to make this call.');
      return signer(options, credentials);
    }
    if (userPools.length === 0) throw unauthenticated('You are not authorized to make this call.');
    return user(options, userPools, authorization, credentials.sourceIp);
  };
}

function signer(
  { verifySignature }: AppSyncOptions,
  { method, url, headers, body, sourceIp }: Credentials,
): Requester {
  try {
    return signedBy(verifySignature({ method, url, headers, body }), sourceIp);
  } catch (error) {
    throw unauthenticated((error as Error).message);
  }
}

/** A caller with AWS credentials. */
function signedBy(caller: Caller, sourceIp: string): Requester {
  return {
    mode: 'AWS_IAM',
    groups: [],
    caller,
    key: 'iam',
    identity: {
      accountId: caller.accountId,
      cognitoIdentityPoolId: null,
      cognitoIdentityId: null,
      sourceIp: [sourceIp],
      username: caller.arn.slice(caller.arn.indexOf('/') + 1),
      userArn: caller.arn,
      cognitoIdentityAuthType: null,
      cognitoIdentityAuthProvider: null,
    },
  };
}

/** A caller that a service of AWS has taken on, whose requests have no signature here. @throws {RequestError} 401 without IAM */
export function serviceRequester(
  { authModes }: Pick<AppSyncOptions, 'authModes'>,
  caller: Caller,
): Requester {
  if (authModes.some(({ type }) => type === 'AWS_IAM')) return signedBy(caller, '127.0.0.1');
  throw unauthenticated('You are not authorized to make this call.');
}

async function user(
  { verifyToken }: AppSyncOptions,
  userPools: readonly UserPoolMode[],
  token: string,
  sourceIp: string,
): Promise<Requester> {
  const claims = await verifyToken(token).catch((error: Error) => {
    throw unauthenticated(error.message);
  });
  const issuer = String(claims.iss);
  const mode = userPools.find(({ userPoolId }) => issuer.endsWith(`/${userPoolId}`));
  const clientId = String(claims.client_id ?? claims.aud);
  if (!mode || (mode.appIdClientRegex && !new RegExp(mode.appIdClientRegex).test(clientId))) {
    throw unauthenticated('You are not authorized to make this call.');
  }
  const given = claims['cognito:groups'];
  const groups = Array.isArray(given) ? given.map(String) : [];
  return {
    mode: 'AMAZON_COGNITO_USER_POOLS',
    groups,
    endsAt: Number(claims.exp) * 1000,
    key: `users:${[...groups].sort().join(',')}`,
    identity: {
      claims,
      defaultAuthStrategy: mode.defaultAction ?? 'ALLOW',
      groups: groups.length > 0 ? groups : null,
      issuer,
      sourceIp: [sourceIp],
      sub: claims.sub,
      username: claims['cognito:username'] ?? claims.username,
    },
  };
}

const isText = (value: unknown) => typeof value === 'string';

/** Headers as one text each, names in lower case; what is no text is no header. */
export function headersOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') all[name.toLowerCase()] = value;
    else if (Array.isArray(value)) all[name.toLowerCase()] = value.filter(isText).join(', ');
  }
  return all;
}
