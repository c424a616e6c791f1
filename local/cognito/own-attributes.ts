import { AwsError } from '../aws.ts';
import { owner } from './account.ts';
import type { SignInContext } from './challenges.ts';
import { invalidParameter, notAuthorized } from './errors.ts';
import { attributes, type Input, text } from './input.ts';
import { codeMailOf } from './invitations.ts';
import type { Pool, User } from './model.ts';
import { delivery } from './recovery.ts';
import { isAliasTaken, saveUser } from './users.ts';

/** What users change of themselves; a new address has to be verified with a code that goes there. */

type Answer = Promise<Record<string, unknown>>;

/** Only administrators and Cognito itself write these. */
const unwritable = ['sub', 'email_verified', 'phone_number_verified'];

export async function updateUserAttributes(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  const given = attributes(input, 'UserAttributes');
  if (unwritable.some((name) => name in given)) {
    throw notAuthorized('A client attempted to write unauthorized attribute');
  }
  const isMoved = given.email !== undefined && given.email !== user.attributes.email;
  const saved = {
    ...user,
    attributes: { ...user.attributes, ...given, ...(isMoved ? { email_verified: 'false' } : {}) },
    changedAt: context.now(),
  };
  return context.write(() => {
    saveUser(context.repository, pool, saved);
    const sends = isMoved && pool.properties.AutoVerifiedAttributes?.includes('email');
    return { CodeDeliveryDetailsList: sends ? [sendCode(context, pool, saved)] : [] };
  });
}

export async function getUserAttributeVerificationCode(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  checkName(text(input, 'AttributeName'));
  context.attempts.count(pool.id, user.username, 'verify attribute');
  return { CodeDeliveryDetails: sendCode(context, pool, user) };
}

export async function verifyUserAttribute(context: SignInContext, input: Input): Answer {
  const { pool, user } = await owner(context, input);
  checkName(text(input, 'AttributeName'));
  context.attempts.count(pool.id, user.username, 'enter attribute code');
  const verified = {
    ...user,
    attributes: { ...user.attributes, email_verified: 'true' },
    changedAt: context.now(),
  };
  if (
    pool.properties.AliasAttributes?.includes('email') &&
    isAliasTaken(context.repository, pool, 'email', verified)
  ) {
    throw new AwsError('AliasExistsException', 'An account with the email already exists.');
  }
  context.write(() => {
    context.codes.redeem(user, 'attribute email', text(input, 'Code'));
    saveUser(context.repository, pool, verified);
  });
  return {};
}

function checkName(name: string): void {
  if (name !== 'email')
    throw invalidParameter(`Invalid attribute name: ${name}. Only email can be verified here.`);
}

function sendCode({ codes, deliver, write }: SignInContext, pool: Pool, user: User) {
  const { email } = user.attributes;
  if (!email) throw invalidParameter('User has no attribute email.');
  write(() => deliver(codeMailOf(pool, email, user.username, codes.issue(user, 'attribute email'))));
  return delivery(email);
}
