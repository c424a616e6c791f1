import type { SignInContext } from './challenges.ts';
import { notAuthorized, wrongPassword } from './errors.ts';
import { type Input, text } from './input.ts';
import type { Pool, Session, User } from './model.ts';
import { hasPassword, withPassword } from './passwords.ts';
import { attributeList, clientBy, findUser, mfaSettings, poolBy, saveUser } from './users.ts';

/** What users do with their own account: the actions that take an access token, and the revoking of refresh tokens. */

type Answer = Promise<Record<string, unknown>>;

export async function getUser(context: SignInContext, input: Input): Answer {
  const { user } = await owner(context, input);
  return { Username: user.username, UserAttributes: attributeList(user), ...mfaSettings(user) };
}

export async function changePassword(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  const previous = text(input, 'PreviousPassword');
  if (!hasPassword(pool, user, previous)) {
    context.attempts.count(pool.id, user.username, 'change password');
    throw wrongPassword();
  }
  saveUser(
    context.repository,
    pool,
    withPassword(pool, user, text(input, 'ProposedPassword'), 'permanent', context.now()),
  );
  return {};
}

export async function globalSignOut(context: SignInContext, input: Input): Answer {
  context.repository.removeSessionsOf((await owner(context, input)).user);
  return {};
}

/** Ends the session of a refresh token. Of a token that is not known nothing is said. */
export async function revokeToken(context: SignInContext, input: Input): Answer {
  const client = clientBy(context.repository, text(input, 'ClientId'));
  const session = context.repository.sessionOf(text(input, 'Token'), context.now());
  if (session && session.clientId !== client.id) {
    throw notAuthorized('Refresh Token was not issued to this client.');
  }
  if (session) context.repository.removeSession(session.id);
  return {};
}

export async function deleteUser(context: SignInContext, input: Input): Answer {
  context.repository.removeUser((await owner(context, input)).user);
  return {};
}

/**
 * Whose access token this is; unlike a check of the signature alone, this also notices that the user has signed out.
 * @throws {AwsError} `NotAuthorizedException`
 */
export async function owner(
  context: SignInContext,
  input: Input,
): Promise<{ pool: Pool; user: User; session: Session }> {
  const token = text(input, 'AccessToken');
  const claims = await context.tokens.verify(token).catch((error: Error) => {
    throw notAuthorized(
      error.message === 'Token has expired.' ? 'Access Token has expired' : 'Invalid Access Token',
    );
  });
  if (claims.token_use !== 'access') throw notAuthorized('Invalid Access Token');
  const session = context.repository.session(claims.origin_jti);
  if (!session) throw notAuthorized('Access Token has been revoked');
  const pool = poolBy(context.repository, session.poolId);
  const user = findUser(context.repository, pool, session.username);
  if (!user) throw notAuthorized('Invalid Access Token');
  if (!user.enabled) throw notAuthorized('User is disabled.');
  return { pool, user, session };
}
