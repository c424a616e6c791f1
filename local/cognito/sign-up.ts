import type { SignInContext } from './challenges.ts';
import { invalidParameter, notAuthorized, userNotFound } from './errors.ts';
import { type Input, text } from './input.ts';
import { clientBy, findUser, poolBy } from './users.ts';

/** Nobody signs up here: administrators create users, who are confirmed by their first password. */

type Refusal = Promise<never>;

export async function signUp({ repository }: SignInContext, input: Input): Refusal {
  const client = clientBy(repository, text(input, 'ClientId'));
  const pool = poolBy(repository, client.poolId);
  throw notAuthorized(
    pool.properties.AdminCreateUserConfig?.AllowAdminCreateUserOnly
      ? 'SignUp is not permitted for this user pool'
      : 'SignUp does not run in the local cloud: administrators create users.',
  );
}

export async function confirmSignUp(context: SignInContext, input: Input): Refusal {
  text(input, 'ConfirmationCode');
  const status = statusOf(context, input);
  throw notAuthorized(`User cannot be confirmed. Current status is ${status}`);
}

export async function resendConfirmationCode(context: SignInContext, input: Input): Refusal {
  statusOf(context, input);
  throw invalidParameter('User is already confirmed.');
}

function statusOf({ repository }: SignInContext, input: Input): string {
  const client = clientBy(repository, text(input, 'ClientId'));
  const user = findUser(repository, poolBy(repository, client.poolId), text(input, 'Username'));
  if (user) return user.status;
  if (client.properties.PreventUserExistenceErrors !== 'ENABLED') throw userNotFound();
  return 'CONFIRMED';
}
