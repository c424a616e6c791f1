import { createHash } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import type { Store } from '../store.ts';
import type { Client, Group, Pool, Session, User } from './model.ts';

/** User pools as the store keeps them; refresh tokens only as their hash. */
export interface Repository {
  savePool(pool: Pool): void;
  pool(id: string): Pool | undefined;
  pools(): Pool[];
  saveClient(client: Client): void;
  client(id: string): Client | undefined;
  clients(poolId: string): Client[];
  saveGroup(group: Group): void;
  group(poolId: string, name: string): Group | undefined;
  groups(poolId: string): Group[];
  saveUser(user: User, key: string): void;
  /** `key` is the username, in lower case where the pool does not tell cases apart. */
  user(poolId: string, key: string): User | undefined;
  /** The user with this value of an attribute, if `only` says so among those for whom it is verified. */
  userByAttribute(
    poolId: string,
    name: string,
    value: string,
    ignoreCase: boolean,
    only?: 'verified',
  ): User | undefined;
  userBySub(poolId: string, sub: string): User | undefined;
  /** In the order of their names, beginning after the given one. */
  users(poolId: string, after: string): Iterable<User>;
  removeUser(user: User): void;
  addToGroup(user: User, group: string): void;
  removeFromGroup(user: User, group: string): void;
  /** The names of a user's groups, the one with the lowest precedence first. */
  groupsOf(user: User): string[];
  usersIn(poolId: string, group: string): User[];
  saveSession(session: Session, refreshToken: string): void;
  /** Accepts a further refresh token for a session, and the ones before it until `until`. */
  rotate(session: Session, refreshToken: string, until: number): void;
  session(id: string): Session | undefined;
  sessionOf(refreshToken: string, now: number): Session | undefined;
  removeSession(id: string): void;
  removeSessionsOf(user: User): void;
}

const tables = `
CREATE TABLE IF NOT EXISTS cognito_pools (id TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cognito_clients (
  id TEXT PRIMARY KEY, pool TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cognito_groups (
  pool TEXT NOT NULL, name TEXT NOT NULL, precedence INTEGER, data TEXT NOT NULL,
  PRIMARY KEY (pool, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cognito_users (
  pool TEXT NOT NULL, key TEXT NOT NULL, sub TEXT NOT NULL, data TEXT NOT NULL,
  PRIMARY KEY (pool, key)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS cognito_users_by_sub ON cognito_users (pool, sub);
CREATE TABLE IF NOT EXISTS cognito_memberships (
  pool TEXT NOT NULL, sub TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (pool, sub, name)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cognito_sessions (
  id TEXT PRIMARY KEY, pool TEXT NOT NULL, username TEXT NOT NULL, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_sessions_by_user ON cognito_sessions (pool, username);
CREATE TABLE IF NOT EXISTS cognito_refresh_tokens (
  hash TEXT PRIMARY KEY, session TEXT NOT NULL, ends_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cognito_refresh_tokens_by_session ON cognito_refresh_tokens (session);
`;

export function createRepository(store: Store): Repository {
  const { db, write } = store;
  db.exec(tables);
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    const known = prepared.get(sql);
    if (known) return known;
    const made = db.prepare(sql);
    prepared.set(sql, made);
    return made;
  };
  const one = <T>(sql: string, ...values: string[]): T | undefined => read<T>(statement(sql).get(...values));
  const all = <T>(sql: string, ...values: string[]): T[] =>
    statement(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row.data)) as T);
  const run = (sql: string, ...values: (string | number | null)[]) =>
    void write(() => statement(sql).run(...values));

  return {
    savePool: (pool) =>
      run('INSERT OR REPLACE INTO cognito_pools (id, data) VALUES (?, ?)', pool.id, JSON.stringify(pool)),
    pool: (id) => one('SELECT data FROM cognito_pools WHERE id = ?', id),
    pools: () => all('SELECT data FROM cognito_pools ORDER BY id'),
    saveClient: (client) =>
      run(
        'INSERT OR REPLACE INTO cognito_clients (id, pool, data) VALUES (?, ?, ?)',
        client.id,
        client.poolId,
        JSON.stringify(client),
      ),
    client: (id) => one('SELECT data FROM cognito_clients WHERE id = ?', id),
    clients: (poolId) => all('SELECT data FROM cognito_clients WHERE pool = ? ORDER BY id', poolId),
    saveGroup: (group) =>
      run(
        'INSERT OR REPLACE INTO cognito_groups (pool, name, precedence, data) VALUES (?, ?, ?, ?)',
        group.poolId,
        group.GroupName,
        group.Precedence ?? null,
        JSON.stringify(group),
      ),
    group: (poolId, name) => one('SELECT data FROM cognito_groups WHERE pool = ? AND name = ?', poolId, name),
    groups: (poolId) => all('SELECT data FROM cognito_groups WHERE pool = ? ORDER BY name', poolId),
    saveUser: (user, key) =>
      run(
        'INSERT OR REPLACE INTO cognito_users (pool, key, sub, data) VALUES (?, ?, ?, ?)',
        user.poolId,
        key,
        user.sub,
        JSON.stringify(user),
      ),
    user: (poolId, key) => one('SELECT data FROM cognito_users WHERE pool = ? AND key = ?', poolId, key),
    userByAttribute: (poolId, name, value, ignoreCase, only) => {
      const found = `SELECT data FROM cognito_users WHERE pool = ? AND json_extract(data, '$.attributes."' || ? || '"') = ?${
        ignoreCase ? ' COLLATE NOCASE' : ''
      }`;
      return only === undefined
        ? one(found, poolId, name, value)
        : one(
            `${found} AND json_extract(data, '$.attributes."' || ? || '"') = 'true'`,
            poolId,
            name,
            value,
            `${name}_verified`,
          );
    },
    userBySub: (poolId, sub) => one('SELECT data FROM cognito_users WHERE pool = ? AND sub = ?', poolId, sub),
    *users(poolId, after) {
      const rows = db
        .prepare('SELECT data FROM cognito_users WHERE pool = ? AND key > ? ORDER BY key')
        .iterate(poolId, after);
      for (const row of rows) yield JSON.parse(String(row.data)) as User;
    },
    removeUser: (user) =>
      write(() => {
        run('DELETE FROM cognito_users WHERE pool = ? AND sub = ?', user.poolId, user.sub);
        run('DELETE FROM cognito_memberships WHERE pool = ? AND sub = ?', user.poolId, user.sub);
        removeSessionsOf(user);
      }),
    addToGroup: (user, group) =>
      run(
        'INSERT OR IGNORE INTO cognito_memberships (pool, sub, name) VALUES (?, ?, ?)',
        user.poolId,
        user.sub,
        group,
      ),
    removeFromGroup: (user, group) =>
      run(
        'DELETE FROM cognito_memberships WHERE pool = ? AND sub = ? AND name = ?',
        user.poolId,
        user.sub,
        group,
      ),
    groupsOf: (user) =>
      statement(
        `SELECT m.name FROM cognito_memberships m JOIN cognito_groups g ON g.pool = m.pool AND g.name = m.name
         WHERE m.pool = ? AND m.sub = ? ORDER BY g.precedence IS NULL, g.precedence, m.name`,
      )
        .all(user.poolId, user.sub)
        .map((row) => String(row.name)),
    usersIn: (poolId, group) =>
      all(
        `SELECT u.data FROM cognito_memberships m JOIN cognito_users u ON u.pool = m.pool AND u.sub = m.sub
         WHERE m.pool = ? AND m.name = ? ORDER BY u.key`,
        poolId,
        group,
      ),
    saveSession: (session, refreshToken) =>
      write(() => {
        run(
          'INSERT OR REPLACE INTO cognito_sessions (id, pool, username, data) VALUES (?, ?, ?, ?)',
          session.id,
          session.poolId,
          session.username,
          JSON.stringify(session),
        );
        saveToken(refreshToken, session.id, session.endsAt);
      }),
    rotate: (session, refreshToken, until) =>
      write(() => {
        run(
          'UPDATE cognito_refresh_tokens SET ends_at = min(ends_at, ?) WHERE session = ?',
          until,
          session.id,
        );
        saveToken(refreshToken, session.id, session.endsAt);
      }),
    session: (id) => one('SELECT data FROM cognito_sessions WHERE id = ?', id),
    sessionOf: (refreshToken, now) =>
      read(
        statement(
          `SELECT s.data FROM cognito_refresh_tokens t JOIN cognito_sessions s ON s.id = t.session
           WHERE t.hash = ? AND t.ends_at > ?`,
        ).get(hashOf(refreshToken), now),
      ),
    removeSession,
    removeSessionsOf,
  };

  function saveToken(refreshToken: string, session: string, endsAt: number): void {
    run(
      'INSERT OR REPLACE INTO cognito_refresh_tokens (hash, session, ends_at) VALUES (?, ?, ?)',
      hashOf(refreshToken),
      session,
      endsAt,
    );
  }

  function removeSession(id: string): void {
    write(() => {
      run('DELETE FROM cognito_refresh_tokens WHERE session = ?', id);
      run('DELETE FROM cognito_sessions WHERE id = ?', id);
    });
  }

  function removeSessionsOf(user: User): void {
    const sessions = all<Session>(
      'SELECT data FROM cognito_sessions WHERE pool = ? AND username = ?',
      user.poolId,
      user.username,
    );
    write(() => {
      for (const session of sessions) removeSession(session.id);
    });
  }
}

function read<T>(row: Record<string, unknown> | undefined): T | undefined {
  return row ? (JSON.parse(String(row.data)) as T) : undefined;
}

function hashOf(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('base64url');
}
