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

/** One user for each group that is no team, named like it; who sells belongs to the first team. */
export function demoUsersFor(groups: readonly string[]): DemoUser[] {
  const [firstTeam] = groups.filter((group) => group.startsWith(TEAM));
  return groups
    .filter((group) => !group.startsWith(TEAM))
    .map((group) => ({
      username: group,
      password: newPassword(),
      groups: group === 'sales' && firstTeam !== undefined ? [group, firstTeam] : [group],
    }));
}

export interface UserPoolAccess {
  readonly cognito: Pick<Cognito, 'call'>;
  readonly store: Pick<Store, 'write'>;
  readonly admin: Caller;
  readonly poolId: string;
}

export async function hasUsers({ cognito, admin, poolId }: UserPoolAccess): Promise<boolean> {
  const { Users } = await cognito.call('ListUsers', { UserPoolId: poolId, Limit: 1 }, admin);
  return (Users as unknown[]).length > 0;
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
