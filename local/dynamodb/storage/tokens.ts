import { createHash } from 'node:crypto';
import { AwsError } from '../../aws.ts';
import type { Store } from '../../store.ts';

/** How long a request token makes a transaction idempotent: ten minutes after it was done, in milliseconds. */
const LIFETIME = 10 * 60 * 1000;

/** The request tokens of transactions that are done. */
export interface Tokens {
  /** Whether the very transaction was done already. Throws IdempotentParameterMismatchException if another was. */
  isRepeated(account: string, token: string, items: unknown): boolean;
  remember(account: string, token: string, items: unknown): void;
  /** Forgets tokens that no longer count. */
  sweep(): void;
}

export function openTokens(store: Store, now: () => number): Tokens {
  const { db } = store;
  db.exec(
    `CREATE TABLE IF NOT EXISTS dynamodb_token (account TEXT, token TEXT, digest BLOB, at INTEGER,
       PRIMARY KEY (account, token)) WITHOUT ROWID`,
  );
  const find = db.prepare('SELECT digest FROM dynamodb_token WHERE account = ? AND token = ? AND at > ?');
  const save = db.prepare(
    'INSERT OR REPLACE INTO dynamodb_token (account, token, digest, at) VALUES (?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM dynamodb_token WHERE at <= ?');
  return {
    isRepeated(account, token, items) {
      const row = find.get(account, token, now() - LIFETIME);
      if (!row) return false;
      if (digest(items).equals(row.digest as Uint8Array)) return true;
      throw new AwsError(
        'IdempotentParameterMismatchException',
        'Provided idempotency token was used with different request parameters',
      );
    },
    remember: (account, token, items) => void save.run(account, token, digest(items), now()),
    sweep: () => void store.write(() => forget.run(now() - LIFETIME)),
  };
}

const digest = (items: unknown): Buffer => createHash('sha256').update(JSON.stringify(items)).digest();
