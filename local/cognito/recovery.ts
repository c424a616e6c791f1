import type { AdministrationContext } from './administration.ts';
import type { SignInContext } from './challenges.ts';
import { codeMismatch, expiredCode, invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { type Input, text } from './input.ts';
import { codeMailOf } from './invitations.ts';
import type { Client, Pool, User } from './model.ts';
import { withPassword } from './passwords.ts';
import { clientBy, findUser, poolBy, saveUser } from './users.ts';

/** A new password for who forgot the old one, against a code by mail. */

type Answer = Promise<Record<string, unknown>>;

/** `ForgotPassword`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgotPassword.html */
export async function forgotPassword(context: SignInContext, input: Input): Answer {
  const { pool, client, user, name } = subject(context, input);
  if (!byMail(pool)) throw notAuthorized('Contact administrator to reset password.');
  context.attempts.count(pool.id, user?.username ?? name, 'forgot password');
  if (!user) {
    if (!isSilent(client)) throw userNotFound();
    return { CodeDeliveryDetails: delivery(`${name.slice(0, 1)}@${name.slice(-1)}.com`) };
  }
  if (!user.enabled) throw notAuthorized('User is disabled.');
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  return { CodeDeliveryDetails: delivery(sendPasswordCode(context, pool, user)) };
}

/** `ConfirmForgotPassword`: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmForgotPassword.html */
export async function confirmForgotPassword(context: SignInContext, input: Input): Answer {
  const { pool, client, user, name } = subject(context, input);
  const code = text(input, 'ConfirmationCode');
  const password = text(input, 'Password');
  context.attempts.count(pool.id, user?.username ?? name, 'enter password code');
  if (!user) throw isSilent(client) ? codeMismatch() : userNotFound();
  if (!user.enabled) throw expiredCode();
  const changed = withPassword(pool, user, password, 'permanent', context.now());
  context.write(() => {
    context.codes.redeem(user, 'password', code);
    saveUser(context.repository, pool, changed);
    context.attempts.succeeded(pool.id, user.username);
  });
  return {};
}

/** `AdminResetUserPassword`: the old password is no longer good, and the user gets a code for another. */
export function resetPassword(context: AdministrationContext, pool: Pool, user: User): User {
  if (user.status === 'FORCE_CHANGE_PASSWORD') {
    throw notAuthorized('User password cannot be reset in the current state.');
  }
  sendPasswordCode(context, pool, user);
  return { ...user, status: 'RESET_REQUIRED', changedAt: context.now() };
}

/** Sends the code and tells to which address. @throws {AwsError} for a user without a verified one */
function sendPasswordCode(
  { codes, deliver, write }: Pick<SignInContext, 'codes' | 'deliver' | 'write'>,
  pool: Pool,
  user: User,
): string {
  const { email, email_verified } = user.attributes;
  if (!email || email_verified !== 'true') {
    throw invalidParameter(
      'Cannot reset password for the user as there is no registered/verified email or phone_number',
    );
  }
  write(() => deliver(codeMailOf(pool, email, user.username, codes.issue(user, 'password'))));
  return email;
}

function subject(context: SignInContext, input: Input) {
  const client = clientBy(context.repository, text(input, 'ClientId'));
  const pool = poolBy(context.repository, client.poolId);
  const name = text(input, 'Username');
  return { client, pool, name, user: findUser(context.repository, pool, name) };
}

function isSilent(client: Client): boolean {
  return client.properties.PreventUserExistenceErrors === 'ENABLED';
}

function byMail(pool: Pool): boolean {
  const mechanisms = pool.properties.AccountRecoverySetting?.RecoveryMechanisms;
  return !mechanisms || mechanisms.some(({ Name }) => Name === 'verified_email');
}

/** Where a code went, as much of the address as Cognito shows: `a***@e***`. */
export function delivery(email: string, AttributeName = 'email') {
  const [name = '', domain = ''] = email.split('@');
  return {
    AttributeName,
    DeliveryMedium: 'EMAIL',
    Destination: `${name.slice(0, 1)}***@${domain.slice(0, 1)}***`,
  };
}
