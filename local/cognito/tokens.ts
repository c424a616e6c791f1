import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import { decodeJwt, errors, jwtVerify, SignJWT } from 'jose';
import { notAuthorized } from './errors.ts';
import type { Client, Pool, Session, User } from './model.ts';
import type { Repository } from './repository.ts';

/** The claims of a token of a user pool. Times are in seconds since 1970. */
export interface Claims {
  readonly sub: string;
  readonly iss: string;
  readonly token_use: 'id' | 'access';
  readonly exp: number;
  readonly iat: number;
  readonly auth_time: number;
  readonly jti: string;
  readonly origin_jti: string;
  readonly client_id?: string;
  readonly aud?: string;
  readonly username?: string;
  readonly 'cognito:username'?: string;
  readonly 'cognito:groups'?: readonly string[];
  readonly [claim: string]: unknown;
}

/** What a sign-in or a refresh gives, as Cognito's `AuthenticationResult`. */
export interface AuthenticationResult {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken?: string;
  /** Of the access token, in seconds. */
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
}

/** Signs and verifies the tokens of user pools. */
export interface Tokens {
  /** Begins a session: id, access and refresh token. */
  begin(pool: Pool, client: Client, user: User): Promise<AuthenticationResult>;
  /** New id and access tokens for a session; a new refresh token too where the client rotates them. */
  renew(pool: Pool, client: Client, user: User, session: Session): Promise<AuthenticationResult>;
  /**
   * The claims of a token that one of the pools has signed and that has not ended. Like Cognito's public key, it does not
   * know of sign-outs.
   * @throws {AwsError} `NotAuthorizedException`
   */
  verify(token: string): Promise<Claims>;
  /** The public keys of a pool, as JSON Web Key Set. */
  keys(pool: Pool): { keys: unknown[] };
}

const secondsOf: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};
/** Verified tokens that are remembered; a signature is checked once. */
const remembered = 5000;

export function createTokens(repository: Repository, issuer: string, now: () => number): Tokens {
  const privateKeys = new Map<string, KeyObject>();
  const publicKeys = new Map<string, KeyObject>();
  const verified = new Map<string, Claims>();

  async function issue(pool: Pool, client: Client, user: User, session: Session) {
    const groups = repository.groupsOf(user);
    const at = Math.floor(now() / 1000);
    const common = {
      sub: user.sub,
      ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
      iss: `${issuer}/${pool.id}`,
      origin_jti: session.id,
      event_id: randomUUID(),
      auth_time: session.signedInAt,
      iat: at,
    };
    const key = remember(privateKeys, pool.id, () => createPrivateKey({ key: pool.key, format: 'jwk' }));
    const sign = (claims: Record<string, unknown>) =>
      new SignJWT({ ...common, ...claims, jti: randomUUID() })
        .setProtectedHeader({ kid: pool.key.kid, alg: 'RS256' })
        .sign(key);
    const accessSeconds = validity(client, 'AccessToken');
    const [AccessToken, IdToken] = await Promise.all([
      sign({
        client_id: client.id,
        token_use: 'access',
        scope: 'aws.cognito.signin.user.admin',
        exp: at + accessSeconds,
        username: user.username,
      }),
      sign({
        ...attributeClaims(user),
        'cognito:username': user.username,
        aud: client.id,
        token_use: 'id',
        exp: at + validity(client, 'IdToken'),
      }),
    ]);
    return { AccessToken, IdToken, ExpiresIn: accessSeconds, TokenType: 'Bearer' as const };
  }

  return {
    async begin(pool, client, user) {
      const signedInAt = Math.floor(now() / 1000);
      const session: Session = {
        id: randomUUID(),
        poolId: pool.id,
        clientId: client.id,
        username: user.username,
        signedInAt,
        endsAt: (signedInAt + validity(client, 'RefreshToken')) * 1000,
      };
      const RefreshToken = newRefreshToken();
      repository.saveSession(session, RefreshToken);
      return { ...(await issue(pool, client, user, session)), RefreshToken };
    },
    async renew(pool, client, user, session) {
      const rotation = client.properties.RefreshTokenRotation;
      if (rotation?.Feature !== 'ENABLED') return issue(pool, client, user, session);
      const RefreshToken = newRefreshToken();
      repository.rotate(session, RefreshToken, now() + (rotation.RetryGracePeriodSeconds ?? 0) * 1000);
      return { ...(await issue(pool, client, user, session)), RefreshToken };
    },
    async verify(token) {
      const known = verified.get(token);
      if (known) {
        if (known.exp * 1000 > now()) return known;
        verified.delete(token);
        throw notAuthorized('Token has expired.');
      }
      const claims = await check(token);
      if (verified.size >= remembered) verified.delete(verified.keys().next().value ?? '');
      verified.set(token, claims);
      return claims;
    },
    keys: ({ key }) => ({
      keys: [{ alg: 'RS256', e: key.e, kid: key.kid, kty: key.kty, n: key.n, use: 'sig' }],
    }),
  };

  async function check(token: string): Promise<Claims> {
    const pool = poolOf(token);
    const key = remember(publicKeys, pool.id, () =>
      createPublicKey(createPrivateKey({ key: pool.key, format: 'jwk' })),
    );
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['RS256'],
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'iat', 'sub', 'token_use'],
      });
      return payload as unknown as Claims;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw notAuthorized('Token has expired.');
      throw notAuthorized('Unable to verify token signature.');
    }
  }

  function poolOf(token: string): Pool {
    let iss: string | undefined;
    try {
      iss = decodeJwt(token).iss;
    } catch {
      throw notAuthorized('Unable to parse JWT token.');
    }
    const pool = iss?.startsWith(`${issuer}/`) ? repository.pool(iss.slice(issuer.length + 1)) : undefined;
    if (!pool) throw notAuthorized('Token is not from a user pool that is known here.');
    return pool;
  }
}

/** How long a token of a client is good for, in seconds: an hour, and 30 days for refresh tokens, when not said. */
function validity(client: Client, token: 'AccessToken' | 'IdToken' | 'RefreshToken'): number {
  const { properties } = client;
  const amount = properties[`${token}Validity`] ?? (token === 'RefreshToken' ? 30 : 1);
  const unit = properties.TokenValidityUnits?.[token] ?? (token === 'RefreshToken' ? 'days' : 'hours');
  return Number(amount) * (secondsOf[unit] ?? 3600);
}

function attributeClaims(user: User): Record<string, unknown> {
  const claims: Record<string, unknown> = { ...user.attributes };
  for (const name of ['email_verified', 'phone_number_verified']) {
    if (name in claims) claims[name] = claims[name] === 'true';
  }
  return claims;
}

function newRefreshToken(): string {
  return randomBytes(48).toString('base64url');
}

function remember<T>(known: Map<string, T>, name: string, make: () => T): T {
  const found = known.get(name);
  if (found) return found;
  const made = make();
  known.set(name, made);
  return made;
}
