import { createHash, randomInt } from 'node:crypto';
import type { Store } from '../store.ts';
import { codeMismatch, expiredCode } from './errors.ts';
import type { User } from './model.ts';

/** What a code by mail is for: a new password, or an attribute by its name. */
export type Purpose = 'password' | `attribute ${string}`;

/** Codes of six digits that users get by mail; only their hash is kept. */
export interface Codes {
  /** Makes a code, which replaces the one before. */
  issue(user: User, purpose: Purpose): string;
  /** Uses a code up. @throws {AwsError} `CodeMismatchException`, `ExpiredCodeException` */
  redeem(user: User, purpose: Purpose, code: string): void;
}

/** For a new password an hour, for an attribute a day: https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html */
const validMs = (purpose: Purpose) => (purpose === 'password' ? 60 : 24 * 60) * 60_000;

export function openCodes({ db, write }: Store, now: () => number): Codes {
  db.exec(`CREATE TABLE IF NOT EXISTS cognito_codes (
    pool TEXT NOT NULL, sub TEXT NOT NULL, purpose TEXT NOT NULL, hash TEXT NOT NULL, ends_at INTEGER NOT NULL,
    PRIMARY KEY (pool, sub, purpose)) STRICT, WITHOUT ROWID`);
  const save = db.prepare('INSERT OR REPLACE INTO cognito_codes VALUES (?, ?, ?, ?, ?)');
  const find = db.prepare(
    'SELECT hash, ends_at FROM cognito_codes WHERE pool = ? AND sub = ? AND purpose = ?',
  );
  const remove = db.prepare('DELETE FROM cognito_codes WHERE pool = ? AND sub = ? AND purpose = ?');

  return {
    issue({ poolId, sub }, purpose) {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      write(() => save.run(poolId, sub, purpose, hashOf(sub, code), now() + validMs(purpose)));
      return code;
    },
    redeem({ poolId, sub }, purpose, code) {
      const known = find.get(poolId, sub, purpose) as { hash: string; ends_at: number } | undefined;
      if (!known || known.ends_at <= now()) throw expiredCode();
      if (known.hash !== hashOf(sub, code)) throw codeMismatch();
      write(() => remove.run(poolId, sub, purpose));
    },
  };
}

function hashOf(sub: string, code: string): string {
  return createHash('sha256').update(`${sub} ${code}`).digest('base64url');
}
