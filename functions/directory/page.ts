import {
  ListUsersCommand,
  ListUsersInGroupCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { groupOfTeam } from '../../domain/team/actor.ts';
import {
  type Connection,
  invalidCursor,
  type PageRequest,
  pageSize,
  readCursor,
  writeCursor,
} from '../runtime/page.ts';
import { client, isNamed, largestPage, UserPoolId } from './client.ts';
import { type DirectoryUser, toUser } from './users.ts';

/** A place in a list: the page of Cognito, and how many of its users stand before. */
interface Place {
  /** Empty for the first page. */
  readonly token: string;
  readonly skip: number;
}

interface CognitoPage {
  readonly users: readonly UserType[];
  /** Of the next page; empty after the last one. */
  readonly next: string;
}

/**
 * A page of the users of the firm or, when one is given, of a team. Cognito has no order to go on from, only pages with
 * tokens: each is read with the same limit, so that a cursor can say where in one it stands.
 *
 * @throws Refusal `INPUT.INVALID` for a page size, `CURSOR.INVALID` for what is no cursor of this list.
 */
export async function pageOfUsers(
  team: string | undefined,
  { first, after }: PageRequest,
): Promise<Connection<DirectoryUser>> {
  const size = pageSize(first);
  const list = team === undefined ? 'users' : `users in ${team}`;
  const found: { readonly user: UserType; readonly behind: Place }[] = [];
  let place: Place | undefined = after ? placeIn(after, list) : { token: '', skip: 0 };
  while (place && found.length <= size) {
    const { token, skip } = place;
    const { users, next } = await read(team, token, after);
    for (const [index, user] of users.entries()) {
      if (index < skip) continue;
      const isLast = next !== '' && index === users.length - 1;
      found.push({ user, behind: isLast ? { token: next, skip: 0 } : { token, skip: index + 1 } });
    }
    place = next ? { token: next, skip: 0 } : undefined;
  }
  const edges = found.slice(0, size).map(({ user, behind }) => ({
    node: toUser(user),
    cursor: writeCursor(list, `${behind.skip} ${behind.token}`),
  }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: { hasNextPage: found.length > size, endCursor: edges.at(-1)?.cursor ?? null },
  };
}

async function read(
  team: string | undefined,
  token: string,
  after: string | null | undefined,
): Promise<CognitoPage> {
  const page = { UserPoolId, Limit: largestPage };
  try {
    if (team === undefined) {
      const input = token ? { ...page, PaginationToken: token } : page;
      const { Users = [], PaginationToken = '' } = await client.send(new ListUsersCommand(input));
      return { users: Users, next: PaginationToken };
    }
    const group = { ...page, GroupName: groupOfTeam(team) };
    const input = token ? { ...group, NextToken: token } : group;
    const { Users = [], NextToken = '' } = await client.send(new ListUsersInGroupCommand(input));
    return { users: Users, next: NextToken };
  } catch (error) {
    // Tokens end; the limit is ours and right.
    if (token && isNamed(error, 'InvalidParameterException')) throw invalidCursor(after ?? '');
    throw error;
  }
}

function placeIn(cursor: string, list: string): Place {
  const [, skip, token] = /^(\d{1,2}) (.*)$/s.exec(readCursor(cursor, list) ?? '') ?? [];
  if (skip === undefined || token === undefined) throw invalidCursor(cursor);
  return { token, skip: Number(skip) };
}
