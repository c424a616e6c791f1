import type { Store } from '../store.ts';
import { type AdministrationContext, administration } from './administration.ts';
import { findUser, poolBy } from './users.ts';

/** What CloudFormation says about a user of a pool. */
export interface UserProperties {
  readonly Username: string;
  readonly UserAttributes?: readonly { readonly Name: string; readonly Value: string }[];
  readonly MessageAction?: string;
}

/**
 * The users that templates make. Each is made, and put into a group, once and never again: what administrators do to them
 * later, their removal too, stays.
 */
export interface DeployedUsers {
  /** Invites the user unless there is one of this name. @throws {AwsError} as `AdminCreateUser` does */
  createUser(poolId: string, properties: UserProperties): void;
  /** @throws {AwsError} for a user or a group that does not exist */
  addUserToGroup(poolId: string, username: string, groupName: string): void;
  /** Subjects of a pool's users that a template made. */
  deployedUsers(poolId: string): ReadonlySet<string>;
}

export function openDeployedUsers(store: Store, context: AdministrationContext): DeployedUsers {
  store.db.exec(`CREATE TABLE IF NOT EXISTS cognito_deployed (
    pool TEXT NOT NULL, username TEXT NOT NULL, name TEXT NOT NULL, sub TEXT NOT NULL,
    PRIMARY KEY (pool, username, name)) STRICT, WITHOUT ROWID`);
  const known = store.db.prepare(
    'SELECT 1 FROM cognito_deployed WHERE pool = ? AND username = ? AND name = ?',
  );
  const keep = store.db.prepare('INSERT INTO cognito_deployed VALUES (?, ?, ?, ?)');
  const subs = store.db.prepare('SELECT DISTINCT sub FROM cognito_deployed WHERE pool = ?');
  const { repository } = context;

  /** `name` is that of a group, and empty for the user itself. */
  function once(poolId: string, username: string, name: string, run: () => void): void {
    if (known.get(poolId, username, name)) return;
    store.write(() => {
      run();
      const user = findUser(repository, poolBy(repository, poolId), username);
      keep.run(poolId, username, name, user?.sub ?? '');
    });
  }

  return {
    createUser(poolId, properties) {
      const { Username } = properties;
      once(poolId, Username, '', () => {
        if (findUser(repository, poolBy(repository, poolId), Username)) return;
        administration.AdminCreateUser?.(context, { ...properties, UserPoolId: poolId });
      });
    },
    addUserToGroup(poolId, Username, GroupName) {
      once(poolId, Username, GroupName, () =>
        administration.AdminAddUserToGroup?.(context, { UserPoolId: poolId, Username, GroupName }),
      );
    },
    deployedUsers: (poolId) => new Set(subs.all(poolId).map(({ sub }) => String(sub))),
  };
}
