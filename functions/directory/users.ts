import {
  AdminGetUserCommand,
  type AttributeType,
  ListUsersCommand,
  ListUsersInGroupCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { groupOfTeam } from '../../domain/team/actor.ts';
import { client, isNamed, UserPoolId } from './client.ts';

/** A person or program of the firm, as the user pool knows it. */
export interface DirectoryUser {
  /** `usr_` and the subject of the user pool. */
  readonly id: string;
  readonly username: string;
  readonly email?: string;
  /** E.164. */
  readonly phone?: string;
  readonly name?: string;
  readonly enabled: boolean;
  /** Has not signed in yet since the invitation. */
  readonly invited?: true;
}

/** The user of an id; undefined when there is none. */
export async function findUser(id: string): Promise<DirectoryUser | undefined> {
  const sub = /^usr_([0-9A-Za-z-]{1,64})$/.exec(id)?.[1];
  if (!sub) return undefined;
  const { Users = [] } = await client.send(
    new ListUsersCommand({ UserPoolId, Filter: `sub = "${sub}"`, Limit: 1 }),
  );
  return Users[0] && toUser(Users[0]);
}

/** The user who signs in with a name; undefined when there is none. */
export async function userNamed(username: string): Promise<DirectoryUser | undefined> {
  try {
    const { UserAttributes, ...user } = await client.send(
      new AdminGetUserCommand({ UserPoolId, Username: username }),
    );
    return toUser({ ...user, Attributes: UserAttributes });
  } catch (error) {
    if (isNamed(error, 'UserNotFoundException')) return undefined;
    throw error;
  }
}

/** All users who work in a team; none for a team that the tenant does not have. */
export function usersIn(team: string): Promise<DirectoryUser[]> {
  return membersOf(groupOfTeam(team));
}

/** All users in a group of the user pool; none for a group that is not there. */
export async function membersOf(GroupName: string): Promise<DirectoryUser[]> {
  const users: DirectoryUser[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = { UserPoolId, GroupName, ...(NextToken ? { NextToken } : {}) };
      const answer = await client.send(new ListUsersInGroupCommand(page));
      users.push(...(answer.Users ?? []).map(toUser));
      NextToken = answer.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!isNamed(error, 'ResourceNotFoundException')) throw error;
  }
  return users;
}

type Described = Pick<UserType, 'Username' | 'Enabled' | 'UserStatus'> & {
  readonly Attributes?: AttributeType[] | undefined;
};

/** A user as Cognito describes one. */
export function toUser({ Username = '', Enabled = false, UserStatus, Attributes = [] }: Described) {
  const attributes = new Map(Attributes.map(({ Name, Value }) => [Name, Value]));
  const [email, phone, name] = ['email', 'phone_number', 'name'].map((key) => attributes.get(key));
  const user: DirectoryUser = {
    id: `usr_${attributes.get('sub')}`,
    username: Username,
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(name ? { name } : {}),
    enabled: Enabled,
    ...(UserStatus === 'FORCE_CHANGE_PASSWORD' ? { invited: true } : {}),
  };
  return user;
}
