import { randomInt } from 'node:crypto';
import { weakPassword } from './errors.ts';
import type { PasswordPolicy, Pool, User } from './model.ts';
import { isPassword, verifierOf } from './srp.ts';

/** What Cognito demands of passwords when a pool says nothing. */
const defaults: Required<PasswordPolicy> = {
  MinimumLength: 8,
  RequireLowercase: true,
  RequireUppercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: 7,
};

const lower = 'abcdefghijkmnopqrstuvwxyz';
const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '23456789';
const symbols = '!@#$%*?-';

/** The part of a pool's id that its passwords are bound to. */
export function poolNameOf(pool: Pool): string {
  return pool.id.slice(pool.id.indexOf('_') + 1);
}

/** A user with another password; temporary ones end and have to be replaced at the first sign-in. */
export function withPassword(
  pool: Pool,
  user: User,
  password: string,
  kind: 'permanent' | 'temporary',
  now: number,
): User {
  checkPolicy(pool, password);
  const days = policyOf(pool).TemporaryPasswordValidityDays;
  return {
    ...user,
    ...verifierOf(poolNameOf(pool), user.username, password),
    status: kind === 'permanent' ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
    passwordEndsAt: kind === 'permanent' ? undefined : now + days * 86_400_000,
    changedAt: now,
  };
}

/** Whether this is the user's password. */
export function hasPassword(pool: Pool, user: User, password: string): boolean {
  const { salt, verifier } = user;
  return (
    salt !== undefined &&
    verifier !== undefined &&
    isPassword(poolNameOf(pool), user.username, password, { salt, verifier })
  );
}

/** A random password that any policy accepts. */
export function temporaryPassword(pool: Pool): string {
  const all = lower + upper + digits + symbols;
  const length = Math.max(12, policyOf(pool).MinimumLength);
  const from = (characters: string) => characters[randomInt(characters.length)] ?? '';
  const rest = Array.from({ length: length - 4 }, () => from(all));
  return [from(upper), from(lower), from(digits), from(symbols), ...rest].join('');
}

/** @throws {AwsError} `InvalidPasswordException` with the first rule that the password breaks. */
function checkPolicy(pool: Pool, password: string): void {
  const policy = policyOf(pool);
  if (password.length < policy.MinimumLength) throw weakPassword('Password not long enough');
  if (policy.RequireUppercase && !/[A-Z]/.test(password)) {
    throw weakPassword('Password must have uppercase characters');
  }
  if (policy.RequireLowercase && !/[a-z]/.test(password)) {
    throw weakPassword('Password must have lowercase characters');
  }
  if (policy.RequireNumbers && !/\d/.test(password)) {
    throw weakPassword('Password must have numeric characters');
  }
  if (policy.RequireSymbols && !/[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+ -]/.test(password)) {
    throw weakPassword('Password must have symbol characters');
  }
}

function policyOf(pool: Pool): Required<PasswordPolicy> {
  return { ...defaults, ...pool.properties.Policies?.PasswordPolicy };
}
