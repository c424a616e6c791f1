import { randomBytes } from 'node:crypto';
import type { Caller } from '../aws.ts';
import type { Cognito } from '../cognito/cognito.ts';
import type { Store } from '../store.ts';
import type { DemoUser } from './secrets.ts';

const TEAM = 'team-';

/** Long enough for any policy, with a character of each kind that one can ask for. */
function newPassword(): string {
  return `${randomBytes(15).toString('base64url')}-aA1`;
}

/**
 * One user for each group that is no team, named like it, or `demo-…` where somebody else has that name; who sells belongs
 * to the first team.
 */
export function demoUsersFor(groups: readonly string[], taken: readonly string[] = []): DemoUser[] {
  const [firstTeam] = groups.filter((group) => group.startsWith(TEAM));
  const isTaken = (name: string) => taken.some((other) => other.toLowerCase() === name.toLowerCase());
  return groups
    .filter((group) => !group.startsWith(TEAM))
    .map((group) => ({
      username: isTaken(group) ? `demo-${group}` : group,
      password: newPassword(),
      groups: group === 'sales' && firstTeam !== undefined ? [group, firstTeam] : [group],
    }));
}

export interface UserPoolAccess {
  readonly cognito: Pick<Cognito, 'call' | 'deployedUsers'>;
  readonly store: Pick<Store, 'write'>;
  readonly admin: Caller;
  readonly poolId: string;
}

/** Whether the pool has users but those that templates made. */
export async function hasUsers({ cognito, admin, poolId }: UserPoolAccess): Promise<boolean> {
  const deployed = cognito.deployedUsers(poolId);
  let PaginationToken: unknown;
  do {
    const page = await cognito.call(
      'ListUsers',
      { UserPoolId: poolId, ...(PaginationToken !== undefined && { PaginationToken }) },
      admin,
    );
    const users = page.Users as { Attributes: { Name: string; Value: string }[] }[];
    const isDeployed = ({ Attributes }: (typeof users)[number]) =>
      Attributes.some(({ Name, Value }) => Name === 'sub' && deployed.has(Value));
    if (!users.every(isDeployed)) return true;
    ({ PaginationToken } = page);
  } while (PaginationToken !== undefined);
  return false;
}

/** The names of a pool's first users, 60 at most. */
export async function usernamesOf({ cognito, admin, poolId }: UserPoolAccess): Promise<string[]> {
  const { Users } = await cognito.call('ListUsers', { UserPoolId: poolId }, admin);
  return (Users as { Username: string }[]).map(({ Username }) => Username);
}

/** The names of a pool's groups. */
export async function groupsOf({ cognito, admin, poolId }: UserPoolAccess): Promise<string[]> {
  const { Groups } = await cognito.call('ListGroups', { UserPoolId: poolId, Limit: 60 }, admin);
  return (Groups as { GroupName: string }[]).map(({ GroupName }) => GroupName);
}

/** Adds users who can sign in at once, all or none; each has an address at `domain`. */
export async function addUsers(
  access: UserPoolAccess,
  users: readonly DemoUser[],
  domain: string,
): Promise<void> {
  const { cognito, store, admin, poolId: UserPoolId } = access;
  const call = (action: string, input: object) => cognito.call(action, { UserPoolId, ...input }, admin);
  const added = store.write(() =>
    users.flatMap(({ username: Username, password: Password, groups }) => [
      call('AdminCreateUser', {
        Username,
        MessageAction: 'SUPPRESS',
        UserAttributes: [
          { Name: 'email', Value: `${Username}@${domain}` },
          { Name: 'email_verified', Value: 'true' },
        ],
      }),
      call('AdminSetUserPassword', { Username, Password, Permanent: true }),
      ...groups.map((GroupName) => call('AdminAddUserToGroup', { Username, GroupName })),
    ]),
  );
  await Promise.all(added);
}
