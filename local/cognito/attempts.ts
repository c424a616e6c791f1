import type { Store } from '../store.ts';
import { attemptLimit, notAuthorized } from './errors.ts';

/** Counts what goes wrong, so that nobody finds a password or a code by trying. It survives a restart. */
export interface Attempts {
  /** @throws {AwsError} `NotAuthorizedException` while the user is locked out */
  checkLockout(poolId: string, username: string): void;
  /** A wrong password. From the fifth on, each locks the user out for longer. */
  failed(poolId: string, username: string): void;
  /** A right password. */
  succeeded(poolId: string, username: string): void;
  /** Counts a use of something that may be done a few times an hour. @throws {AwsError} `LimitExceededException` */
  count(poolId: string, username: string, what: string): void;
}

/**
 * The lockout that Cognito documents: after five failures for a second, doubling with each further one, at most about
 * 15 minutes; a success, or 15 minutes without an attempt, clear it.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html
 */
const failuresBeforeLockout = 5;
const longestLockoutMs = 15 * 60_000;
/**
 * Cognito allows between 5 and 20 requests for a code, and as many tries to enter one, in an hour:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
 */
const mostAnHour = 5;
const hourMs = 60 * 60_000;

export function openAttempts({ db, write }: Store, now: () => number): Attempts {
  db.exec(`CREATE TABLE IF NOT EXISTS cognito_attempts (
    pool TEXT NOT NULL, username TEXT NOT NULL, what TEXT NOT NULL, times INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (pool, username, what)) STRICT, WITHOUT ROWID`);
  const find = db.prepare(
    'SELECT times, at FROM cognito_attempts WHERE pool = ? AND username = ? AND what = ?',
  );
  const save = db.prepare('INSERT OR REPLACE INTO cognito_attempts VALUES (?, ?, ?, ?, ?)');
  const clear = db.prepare('DELETE FROM cognito_attempts WHERE pool = ? AND username = ? AND what = ?');
  const sweep = db.prepare('DELETE FROM cognito_attempts WHERE at < ?');

  function timesOf(poolId: string, username: string, what: string, forgottenMs: number) {
    const row = find.get(poolId, username, what) as { times: number; at: number } | undefined;
    return row && now() - row.at < forgottenMs ? row : { times: 0, at: now() };
  }

  function keep(poolId: string, username: string, what: string, times: number, at: number): void {
    write(() => {
      sweep.run(now() - hourMs);
      save.run(poolId, username, what, times, at);
    });
  }

  return {
    checkLockout(poolId, username) {
      const { times, at } = timesOf(poolId, username, 'sign-in', longestLockoutMs);
      if (times >= failuresBeforeLockout && now() < at + lockoutMs(times)) {
        throw notAuthorized('Password attempts exceeded');
      }
    },
    failed(poolId, username) {
      const { times } = timesOf(poolId, username, 'sign-in', longestLockoutMs);
      keep(poolId, username, 'sign-in', times + 1, now());
    },
    succeeded(poolId, username) {
      if (find.get(poolId, username, 'sign-in')) write(() => clear.run(poolId, username, 'sign-in'));
    },
    count(poolId, username, what) {
      const { times, at } = timesOf(poolId, username, what, hourMs);
      if (times >= mostAnHour) throw attemptLimit();
      keep(poolId, username, what, times + 1, at);
    },
  };
}

function lockoutMs(failures: number): number {
  return Math.min(1000 * 2 ** (failures - failuresBeforeLockout), longestLockoutMs);
}
