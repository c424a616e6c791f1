import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws.ts';
import type { Store } from '../store.ts';
import type { Attempts } from './attempts.ts';
import type { Codes } from './codes.ts';
import { invalidParameter, notAuthorized, userNotFound, wrongPassword } from './errors.ts';
import { type Input, text } from './input.ts';
import type { PoolMail } from './invitations.ts';
import type { Client, Pool, User } from './model.ts';
import { poolNameOf, withPassword } from './passwords.ts';
import type { Repository } from './repository.ts';
import { seal, unseal } from './seal.ts';
import { claimSignature, ephemeral, sessionKey, verifierOf } from './srp.ts';
import type { Tokens } from './tokens.ts';
import { findUser, saveUser } from './users.ts';

/** What the actions of sign-in work with. */
export interface SignInContext {
  readonly repository: Repository;
  readonly tokens: Tokens;
  readonly attempts: Attempts;
  readonly codes: Codes;
  readonly write: Store['write'];
  /** Sends a mail, durable with the `write` that surrounds the call. */
  readonly deliver: (mail: PoolMail) => void;
  readonly now: () => number;
}

/** What a client carries sealed between the steps of a sign-in. */
interface Step {
  readonly step: 'PASSWORD_VERIFIER' | 'NEW_PASSWORD_REQUIRED' | 'SOFTWARE_TOKEN_MFA';
  readonly clientId: string;
  readonly username: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
  readonly A?: string;
  readonly b?: string;
  readonly B?: string;
}

type Answer = Promise<Record<string, unknown>>;

/** `PASSWORD_VERIFIER`: asks the client to prove with SRP that it knows the password. */
export async function passwordChallenge(
  context: SignInContext,
  pool: Pool,
  client: Client,
  parameters: Input,
): Answer {
  const name = text(parameters, 'USERNAME');
  const A = text(parameters, 'SRP_A');
  if (!/^[0-9a-fA-F]{1,1024}$/.test(A)) throw invalidParameter('SRP_A must be a hexadecimal number');
  const user = signingIn(context, pool, client, name);
  const username = user?.username ?? name;
  const known = verifierFor(pool, user, username);
  const { b, B } = ephemeral(known.verifier);
  const SECRET_BLOCK = seal(pool.sealingKey, {
    step: 'PASSWORD_VERIFIER',
    clientId: client.id,
    username,
    endsAt: context.now() + sessionMs(client),
    A,
    b,
    B,
  } satisfies Step);
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: known.salt,
      SECRET_BLOCK,
      SRP_B: B,
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

/** Takes the proof. */
export async function provePassword(
  context: SignInContext,
  pool: Pool,
  client: Client,
  responses: Input,
): Answer {
  const secretBlock = text(responses, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const username = text(responses, 'USERNAME');
  const step = opened(context, pool, client, secretBlock, 'PASSWORD_VERIFIER');
  if (step.username !== username) throw wrongPassword();
  const user = signingIn(context, pool, client, username);
  const { verifier } = verifierFor(pool, user, username);
  const key = sessionKey(step.A ?? '', step.b ?? '', step.B ?? '', verifier);
  if (!key) throw invalidParameter('SRP_A must not be a multiple of N');
  const signature = claimSignature(
    key,
    poolNameOf(pool),
    username,
    secretBlock,
    text(responses, 'TIMESTAMP'),
  );
  const isRight = same(signature, text(responses, 'PASSWORD_CLAIM_SIGNATURE'));
  return judged(context, pool, client, username, isRight ? user : undefined);
}

/** Whether a password was the right one: then `user` goes on, else it is counted. @throws {AwsError} when locked out */
export async function judged(
  context: SignInContext,
  pool: Pool,
  client: Client,
  username: string,
  user: User | undefined,
): Answer {
  const { attempts } = context;
  attempts.checkLockout(pool.id, username);
  if (!user) {
    attempts.failed(pool.id, username);
    throw wrongPassword();
  }
  attempts.succeeded(pool.id, username);
  return proven(context, pool, client, user);
}

/** The user has shown to know the password: tokens, or first a new password. */
async function proven(context: SignInContext, pool: Pool, client: Client, user: User): Answer {
  if (user.status === 'RESET_REQUIRED') {
    throw new AwsError('PasswordResetRequiredException', 'Password reset required for the user');
  }
  if (user.status === 'CONFIRMED') {
    return user.softwareToken?.enabled
      ? codeChallenge(context, pool, client, user)
      : begun(context, pool, client, user);
  }
  if ((user.passwordEndsAt ?? Number.POSITIVE_INFINITY) < context.now()) {
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  }
  const { sub: _, ...attributes } = user.attributes;
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: seal(pool.sealingKey, {
      step: 'NEW_PASSWORD_REQUIRED',
      clientId: client.id,
      username: user.username,
      endsAt: context.now() + sessionMs(client),
    } satisfies Step),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: '[]',
      userAttributes: JSON.stringify(attributes),
    },
  };
}

/** The end of a sign-in: its tokens. */
export async function begun(context: SignInContext, pool: Pool, client: Client, user: User): Answer {
  return { AuthenticationResult: await context.tokens.begin(pool, client, user), ChallengeParameters: {} };
}

/** `SOFTWARE_TOKEN_MFA`: asks for a code of the user's authenticator app. */
function codeChallenge(context: SignInContext, pool: Pool, client: Client, { username }: User) {
  return {
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
    Session: seal(pool.sealingKey, {
      step: 'SOFTWARE_TOKEN_MFA',
      clientId: client.id,
      username,
      endsAt: context.now() + sessionMs(client),
    } satisfies Step),
    ChallengeParameters: { USER_ID_FOR_SRP: username },
  };
}

/** `NEW_PASSWORD_REQUIRED`: takes the password that replaces a temporary one. */
export async function replacePassword(
  context: SignInContext,
  pool: Pool,
  client: Client,
  responses: Input,
  session: string | undefined,
): Answer {
  if (!session) throw invalidParameter('Missing required parameter Session');
  const step = opened(context, pool, client, session, 'NEW_PASSWORD_REQUIRED');
  const user = signingIn(context, pool, client, step.username);
  if (user?.status !== 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('Invalid session for the user.');
  }
  const given = Object.entries(responses)
    .filter(([name]) => name.startsWith('userAttributes.'))
    .map(([name]) => [name.slice('userAttributes.'.length), text(responses, name)]);
  const changed = withPassword(pool, user, text(responses, 'NEW_PASSWORD'), 'permanent', context.now());
  const saved = { ...changed, attributes: { ...changed.attributes, ...Object.fromEntries(given) } };
  saveUser(context.repository, pool, saved);
  return proven(context, pool, client, saved);
}

/**
 * The user of that name, if there is one; that there is none is told only where the client lets it be told.
 * @throws {AwsError} `UserNotFoundException`, `NotAuthorizedException`
 */
export function signingIn(
  context: SignInContext,
  pool: Pool,
  client: Client,
  name: string,
): User | undefined {
  const user = findUser(context.repository, pool, name);
  if (!user && client.properties.PreventUserExistenceErrors !== 'ENABLED') throw userNotFound();
  if (user && !user.enabled) throw notAuthorized('User is disabled.');
  return user;
}

/** A user who is not there gets a verifier too, the same at each try, so that the answer does not tell. */
function verifierFor(pool: Pool, user: User | undefined, username: string) {
  if (user?.salt !== undefined && user.verifier !== undefined) {
    return { salt: user.salt, verifier: user.verifier };
  }
  const secret = createHmac('sha256', pool.sealingKey).update(username).digest('hex');
  return verifierOf(poolNameOf(pool), username, secret, secret.slice(0, 32));
}

/** What a client carried sealed from the step before. @throws {AwsError} `NotAuthorizedException` */
export function opened(
  context: SignInContext,
  pool: Pool,
  client: Client,
  sealed: string,
  step: Step['step'],
): Step {
  const state = unseal(pool.sealingKey, sealed) as Step | undefined;
  if (state?.step !== step || state.clientId !== client.id) {
    throw notAuthorized('Invalid session for the user.');
  }
  if (state.endsAt < context.now()) {
    throw notAuthorized('Invalid session for the user, session is expired.');
  }
  return state;
}

function sessionMs(client: Client): number {
  return (client.properties.AuthSessionValidity ?? 3) * 60_000;
}

function same(expected: string, given: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(given);
  return left.length === right.length && timingSafeEqual(left, right);
}
