import {
  CognitoIdentityProviderClient,
  ListUsersCommand,
  ListUsersInGroupCommand,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { env } from '../runtime/env.ts';

const client = new CognitoIdentityProviderClient({});
const UserPoolId = env('USER_POOL_ID');

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

/** All users who work in a team; none for a team that the tenant does not have. */
export async function usersIn(team: string): Promise<DirectoryUser[]> {
  const users: DirectoryUser[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = { UserPoolId, GroupName: `team-${team}`, ...(NextToken ? { NextToken } : {}) };
      const answer = await client.send(new ListUsersInGroupCommand(page));
      users.push(...(answer.Users ?? []).map(toUser));
      NextToken = answer.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceNotFoundException')) throw error;
  }
  return users;
}

function toUser({ Username = '', Enabled = false, Attributes = [] }: UserType): DirectoryUser {
  const attributes = new Map(Attributes.map(({ Name, Value }) => [Name, Value]));
  const [email, phone, name] = ['email', 'phone_number', 'name'].map((key) => attributes.get(key));
  return {
    id: `usr_${attributes.get('sub')}`,
    username: Username,
    ...(email ? { email } : {}),
    ...(phone ? { phone } : {}),
    ...(name ? { name } : {}),
    enabled: Enabled,
  };
}
