import { AwsError } from '../aws.ts';
import type { SignInContext } from './challenges.ts';
import { invalidParameter } from './errors.ts';
import { attributes, type Input, optionalText, pageOf, record, text } from './input.ts';
import { invitationOf } from './invitations.ts';
import type { Client, Group, Pool, User } from './model.ts';
import { temporaryPassword, withPassword } from './passwords.ts';
import { resetPassword } from './recovery.ts';
import { listUsers, userDescription } from './user-list.ts';
import {
  attributeList,
  clientBy,
  description,
  groupBy,
  keyOf,
  mfaSettings,
  newUser,
  poolBy,
  saveUser,
  userBy,
} from './users.ts';

/** What the signed actions work with. */
export type AdministrationContext = Pick<SignInContext, 'repository' | 'now' | 'deliver' | 'codes' | 'write'>;

type Action = (context: AdministrationContext, input: Input) => Record<string, unknown>;

/** The signed actions by name: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html */
export const administration: Readonly<Record<string, Action>> = {
  AdminCreateUser: adminCreateUser,
  AdminSetUserPassword: change((context, pool, user, input) =>
    withPassword(
      pool,
      user,
      text(input, 'Password'),
      input.Permanent === true ? 'permanent' : 'temporary',
      context.now(),
    ),
  ),
  AdminUpdateUserAttributes: change((context, _pool, user, input) => ({
    ...user,
    attributes: {
      ...withoutBlanks({ ...user.attributes, ...attributes(input, 'UserAttributes') }),
      sub: user.sub,
    },
    changedAt: context.now(),
  })),
  AdminResetUserPassword: change(resetPassword),
  AdminSetUserMFAPreference: change((context, _pool, user, input) => {
    const { Enabled, PreferredMfa } = record(input, 'SoftwareTokenMfaSettings');
    const { softwareToken } = user;
    const enabled = Enabled === true;
    if (enabled && !softwareToken?.verified) {
      throw invalidParameter('User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA');
    }
    if (!softwareToken) return user;
    const changed = { ...softwareToken, enabled, preferred: enabled && PreferredMfa === true };
    return { ...user, softwareToken: changed, changedAt: context.now() };
  }),
  AdminDisableUser: change((context, _pool, user) => ({ ...user, enabled: false, changedAt: context.now() })),
  AdminEnableUser: change((context, _pool, user) => ({ ...user, enabled: true, changedAt: context.now() })),
  AdminGetUser: (context, input) => {
    const { user } = subject(context, input);
    return { ...description(user), UserAttributes: attributeList(user), ...mfaSettings(user) };
  },
  AdminDeleteUser: (context, input) => {
    context.repository.removeUser(subject(context, input).user);
    return {};
  },
  AdminUserGlobalSignOut: (context, input) => {
    context.repository.removeSessionsOf(subject(context, input).user);
    return {};
  },
  AdminAddUserToGroup: (context, input) => {
    const { pool, user } = subject(context, input);
    context.repository.addToGroup(
      user,
      groupBy(context.repository, pool, text(input, 'GroupName')).GroupName,
    );
    return {};
  },
  AdminRemoveUserFromGroup: (context, input) => {
    const { pool, user } = subject(context, input);
    context.repository.removeFromGroup(
      user,
      groupBy(context.repository, pool, text(input, 'GroupName')).GroupName,
    );
    return {};
  },
  AdminListGroupsForUser: (context, input) => {
    const { pool, user } = subject(context, input);
    const { page, next } = pageOf(context.repository.groupsOf(user), input, (name) => name);
    return {
      Groups: page.map((name) => groupDescription(groupBy(context.repository, pool, name))),
      ...next,
    };
  },
  CreateGroup: (context, input) => {
    const pool = poolOf(context, input);
    const GroupName = text(input, 'GroupName');
    if (context.repository.group(pool.id, GroupName)) {
      throw new AwsError('GroupExistsException', 'A group with the name already exists.');
    }
    const precedence = input.Precedence;
    const group: Group = {
      poolId: pool.id,
      GroupName,
      ...(optionalText(input, 'Description') ? { Description: text(input, 'Description') } : {}),
      ...(typeof precedence === 'number' ? { Precedence: precedence } : {}),
      createdAt: context.now(),
    };
    context.repository.saveGroup(group);
    return { Group: groupDescription(group) };
  },
  ListGroups: (context, input) => {
    const groups = context.repository.groups(poolOf(context, input).id);
    const { page, next } = pageOf(groups, input, ({ GroupName }) => GroupName);
    return { Groups: page.map(groupDescription), ...next };
  },
  ListUsersInGroup: (context, input) => {
    const pool = poolOf(context, input);
    const group = groupBy(context.repository, pool, text(input, 'GroupName'));
    const members = context.repository.usersIn(pool.id, group.GroupName);
    const { page, next } = pageOf(members, input, ({ username }) => keyOf(pool, username));
    return { Users: page.map(userDescription), ...next };
  },
  ListUsers: (context, input) => listUsers(context.repository, poolOf(context, input), input),
  ListUserPools: (context) => ({
    UserPools: context.repository.pools().map((pool) => ({
      Id: pool.id,
      Name: pool.properties.UserPoolName ?? pool.id,
      CreationDate: pool.createdAt / 1000,
    })),
  }),
  ListUserPoolClients: (context, input) => {
    const pool = poolOf(context, input);
    return {
      UserPoolClients: context.repository
        .clients(pool.id)
        .map((client) => ({ ClientId: client.id, UserPoolId: pool.id, ClientName: nameOf(client) })),
    };
  },
  DescribeUserPool: (context, input) => {
    const pool = poolOf(context, input);
    return {
      UserPool: {
        ...pool.properties,
        Id: pool.id,
        Name: pool.properties.UserPoolName ?? pool.id,
        Arn: pool.arn,
        CreationDate: pool.createdAt / 1000,
      },
    };
  },
  DescribeUserPoolClient: (context, input) => {
    const pool = poolOf(context, input);
    const client = clientBy(context.repository, text(input, 'ClientId'));
    return {
      UserPoolClient: {
        ...client.properties,
        UserPoolId: pool.id,
        ClientId: client.id,
        ClientName: nameOf(client),
        CreationDate: client.createdAt / 1000,
      },
    };
  },
};

/** `RESEND` gives a user who never signed in another password and another invitation. */
function adminCreateUser(context: AdministrationContext, input: Input): Record<string, unknown> {
  const pool = poolOf(context, input);
  const password = optionalText(input, 'TemporaryPassword') ?? temporaryPassword(pool);
  const name = text(input, 'Username');
  const invited =
    input.MessageAction === 'RESEND'
      ? invitedBefore(userBy(context.repository, pool, name))
      : newUser(context.repository, pool, name, attributes(input, 'UserAttributes'), context.now());
  const user = withPassword(pool, invited, password, 'temporary', context.now());
  saveUser(context.repository, pool, user);
  const invitation = invitationOf(pool, user, name, password);
  if (input.MessageAction !== 'SUPPRESS' && invitation) context.deliver(invitation);
  return { User: userDescription(user) };
}

/** Who is to be invited again: only who has not signed in yet. */
function invitedBefore(user: User): User {
  if (user.status === 'FORCE_CHANGE_PASSWORD') return user;
  throw new AwsError(
    'UnsupportedUserStateException',
    `Resend not possible. ${user.username} status is not FORCE_CHANGE_PASSWORD`,
  );
}

/** An attribute with a blank value is one that is deleted. */
function withoutBlanks(given: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

function poolOf(context: AdministrationContext, input: Input): Pool {
  return poolBy(context.repository, text(input, 'UserPoolId'));
}

function subject(context: AdministrationContext, input: Input): { pool: Pool; user: User } {
  const pool = poolOf(context, input);
  return { pool, user: userBy(context.repository, pool, text(input, 'Username')) };
}

function change(
  changed: (context: AdministrationContext, pool: Pool, user: User, input: Input) => User,
): Action {
  return (context, input) => {
    const { pool, user } = subject(context, input);
    saveUser(context.repository, pool, changed(context, pool, user, input));
    return {};
  };
}

function groupDescription({ poolId, createdAt, ...group }: Group): Record<string, unknown> {
  return { ...group, UserPoolId: poolId, CreationDate: createdAt / 1000, LastModifiedDate: createdAt / 1000 };
}

function nameOf(client: Client): string {
  return client.properties.ClientName ?? client.id;
}
