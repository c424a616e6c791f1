import { actorOf } from '../../../domain/team/actor.ts';
import type { User, UserConnection, UserEdge } from '../../../graphql/generated/types.ts';
import type { DirectoryUser } from '../../directory/users.ts';
import type { FieldsOf } from '../../runtime/selection.ts';

/** A user as the API shows one. */
export interface UserView extends Pick<DirectoryUser, 'id' | 'username'> {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly enabled?: boolean;
  readonly groups: readonly string[];
  readonly teams: readonly string[];
}

/** A user with the groups of the user pool told apart. */
export function toUserView(user: DirectoryUser, poolGroups: readonly string[]): UserView {
  const { id, username, email, name, enabled } = user;
  const { roles, teams } = actorOf(id, username, poolGroups);
  return { id, username, email, name, enabled, groups: roles, teams };
}

const userFields = {
  id: true,
  username: true,
  email: true,
  name: true,
  enabled: true,
  groups: true,
  teams: true,
} as const satisfies FieldsOf<User>;

/** The fields of a page of users. */
export const pageFields = {
  nodes: userFields,
  edges: { node: userFields, cursor: true } as const satisfies FieldsOf<UserEdge>,
  pageInfo: true,
} as const satisfies FieldsOf<UserConnection>;
