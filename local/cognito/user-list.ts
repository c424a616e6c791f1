import { invalidParameter } from './errors.ts';
import { type Input, limit, optionalText } from './input.ts';
import type { Pool, User } from './model.ts';
import type { Repository } from './repository.ts';
import { attributeList, description, keyOf } from './users.ts';

const operators = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/;

/** `ListUsers`: a page of the users that the filter lets through. */
export function listUsers(repository: Repository, pool: Pool, input: Input): Record<string, unknown> {
  const most = limit(input);
  const filter = optionalText(input, 'Filter');
  const matches = filter ? matcher(filter) : () => true;
  const wanted = input.AttributesToGet;
  const found: User[] = [];
  let next: string | undefined;
  for (const user of repository.users(pool.id, optionalText(input, 'PaginationToken') ?? '')) {
    if (!matches(user)) continue;
    const last = found.at(-1);
    if (found.length === most && last) {
      next = keyOf(pool, last.username);
      break;
    }
    found.push(user);
  }
  const Users = found.map((user) => {
    const one = userDescription(user);
    return Array.isArray(wanted)
      ? { ...one, Attributes: one.Attributes.filter(({ Name }) => wanted.includes(Name)) }
      : one;
  });
  return { Users, ...(next === undefined ? {} : { PaginationToken: next }) };
}

/** A filter such as `email ^= "a"`: one attribute, equal or beginning with a value. */
function matcher(filter: string): (user: User) => boolean {
  const [, name = '', operator, raw = ''] = operators.exec(filter) ?? [];
  if (!operator) throw invalidParameter(`Error while parsing filter: ${filter}`);
  const value = raw.replace(/\\(.)/g, '$1');
  return (user) => {
    const actual =
      name === 'username'
        ? user.username
        : name === 'cognito:user_status'
          ? user.status
          : name === 'status'
            ? user.enabled
              ? 'Enabled'
              : 'Disabled'
            : user.attributes[name];
    return operator === '=' ? actual === value : (actual?.startsWith(value) ?? false);
  };
}

/** A user with attributes, as the actions of administrators give one. */
export function userDescription(user: User) {
  return { ...description(user), Attributes: attributeList(user) };
}
