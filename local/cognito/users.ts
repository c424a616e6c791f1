import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws.ts';
import { invalidParameter, notFound, userNotFound } from './errors.ts';
import type { Client, Group, Pool, User } from './model.ts';
import type { Repository } from './repository.ts';

/** @throws {AwsError} `ResourceNotFoundException` */
export function poolBy(repository: Repository, id: string): Pool {
  const pool = repository.pool(id);
  if (!pool) throw notFound(`User pool ${id} does not exist.`);
  return pool;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export function clientBy(repository: Repository, id: string): Client {
  const client = repository.client(id);
  if (!client) throw notFound(`User pool client ${id} does not exist.`);
  return client;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export function groupBy(repository: Repository, pool: Pool, name: string): Group {
  const group = repository.group(pool.id, name);
  if (!group) throw notFound('Group not found.');
  return group;
}

/**
 * The user with this name, subject, or e-mail address or phone number where the pool lets users sign in with it; as an
 * alias of the name, only once it is verified.
 */
export function findUser(repository: Repository, pool: Pool, name: string): User | undefined {
  const user = repository.user(pool.id, keyOf(pool, name));
  if (user) return user;
  const bySub = repository.userBySub(pool.id, name);
  if (bySub) return bySub;
  const { UsernameAttributes = [], AliasAttributes = [] } = pool.properties;
  for (const attribute of UsernameAttributes) {
    const found = repository.userByAttribute(pool.id, attribute, name, !isCaseSensitive(pool));
    if (found) return found;
  }
  for (const attribute of AliasAttributes) {
    if (attribute === 'preferred_username') continue;
    const found = repository.userByAttribute(pool.id, attribute, name, !isCaseSensitive(pool), 'verified');
    if (found) return found;
  }
  return undefined;
}

/** @throws {AwsError} `UserNotFoundException` */
export function userBy(repository: Repository, pool: Pool, name: string): User {
  const user = findUser(repository, pool, name);
  if (!user) throw userNotFound();
  return user;
}

/**
 * A user to be: in a pool whose users sign in with their e-mail address or phone number, that is an attribute, and the
 * subject is the username.
 * @throws {AwsError} `UsernameExistsException`, `AliasExistsException`, `InvalidParameterException`
 */
export function newUser(
  repository: Repository,
  pool: Pool,
  name: string,
  attributes: Readonly<Record<string, string>>,
  now: number,
): User {
  if (findUser(repository, pool, name)) {
    throw new AwsError('UsernameExistsException', 'User account already exists');
  }
  for (const alias of pool.properties.AliasAttributes ?? []) {
    if (isAliasTaken(repository, pool, alias, { attributes })) {
      throw new AwsError('AliasExistsException', `An account with the ${alias} already exists.`);
    }
  }
  const sub = randomUUID();
  const instead = pool.properties.UsernameAttributes ?? [];
  const attribute = instead.find((kind) => (kind === 'email' ? name.includes('@') : name.startsWith('+')));
  if (instead.length > 0 && !attribute) {
    throw invalidParameter(
      `Username should be ${instead.map((kind) => (kind === 'email' ? 'an email' : 'a phone number')).join(' or ')}.`,
    );
  }
  return {
    poolId: pool.id,
    username: attribute ? sub : name,
    sub,
    enabled: true,
    status: 'FORCE_CHANGE_PASSWORD',
    attributes: { ...(attribute ? { [attribute]: name } : {}), ...attributes, sub },
    createdAt: now,
    changedAt: now,
  };
}

export function saveUser(repository: Repository, pool: Pool, user: User): void {
  repository.saveUser(user, keyOf(pool, user.username));
}

/** Under what a user is found: names differ by case only in a pool that says so. */
export function keyOf(pool: Pool, name: string): string {
  return isCaseSensitive(pool) ? name : name.toLowerCase();
}

/** Attributes as Cognito lists them, the subject first. */
export function attributeList(user: User): { Name: string; Value: string }[] {
  const { sub, ...others } = user.attributes;
  return [
    { Name: 'sub', Value: sub ?? user.sub },
    ...Object.entries(others).map(([Name, Value]) => ({ Name, Value })),
  ];
}

/** The second factors of a user, as `GetUser` tells them; nothing for who has none. */
export function mfaSettings({ softwareToken }: User): Record<string, unknown> {
  if (!softwareToken?.enabled) return {};
  return {
    UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    ...(softwareToken.preferred ? { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' } : {}),
  };
}

/** A user as Cognito describes one; times in seconds since 1970. */
export function description(user: User) {
  return {
    Username: user.username,
    UserCreateDate: user.createdAt / 1000,
    UserLastModifiedDate: user.changedAt / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

/** Whether another user has this address or number; only what is verified is an alias. */
export function isAliasTaken(
  repository: Repository,
  pool: Pool,
  alias: string,
  { attributes, sub }: { readonly attributes: User['attributes']; readonly sub?: string },
): boolean {
  const value = attributes[alias];
  if (!value || attributes[`${alias}_verified`] !== 'true') return false;
  const other = repository.userByAttribute(pool.id, alias, value, !isCaseSensitive(pool), 'verified');
  return other !== undefined && other.sub !== sub;
}

function isCaseSensitive(pool: Pool): boolean {
  return pool.properties.UsernameConfiguration?.CaseSensitive ?? true;
}
