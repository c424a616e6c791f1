import { AwsError, type Place } from '../aws.ts';
import type { Store } from '../store.ts';
import { checkAttributes, type QueueSettings, settingsOf } from './attributes.ts';

export interface Queue {
  readonly id: number;
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly settings: QueueSettings;
}

/** The queues there are, kept in the store and read from memory. */
export interface Queues {
  /** Makes the queue, or gives an existing one exactly these attributes. */
  put(name: string, attributes: Readonly<Record<string, string>>): Queue;
  remove(queue: Queue): void;
  byArn(arn: string): Queue | undefined;
  byName(name: string): Queue | undefined;
  all(): Queue[];
}

interface QueueRow {
  readonly id: number;
  readonly name: string;
  readonly created_at: number;
  readonly modified_at: number;
  readonly attributes: string;
}

export function openQueues(store: Store, place: Place, endpoint: string, now: () => number): Queues {
  store.db.exec(`CREATE TABLE IF NOT EXISTS sqs_queues (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, attributes TEXT NOT NULL)`);
  const insert = store.db.prepare(
    'INSERT INTO sqs_queues (name, created_at, modified_at, attributes) VALUES (?, ?, ?, ?)',
  );
  const update = store.db.prepare('UPDATE sqs_queues SET modified_at = ?, attributes = ? WHERE id = ?');
  const remove = store.db.prepare('DELETE FROM sqs_queues WHERE id = ?');
  const names = new Map<string, Queue>();
  const arns = new Map<string, Queue>();

  function keep(row: QueueRow): Queue {
    const attributes = JSON.parse(row.attributes) as Record<string, string>;
    const queue = {
      id: row.id,
      name: row.name,
      arn: `arn:aws:sqs:${place.region}:${place.accountId}:${row.name}`,
      url: `${endpoint}/${place.accountId}/${row.name}`,
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      attributes,
      settings: settingsOf(attributes),
    };
    names.set(queue.name, queue);
    arns.set(queue.arn, queue);
    return queue;
  }

  for (const row of store.db.prepare('SELECT * FROM sqs_queues').all()) keep(row as unknown as QueueRow);

  return {
    put(name, attributes) {
      if (!/^[\w-]{1,80}$/.test(name)) {
        throw new AwsError(
          'InvalidParameterValue',
          `Queue name '${name}' is not allowed: use 1 to 80 letters, digits, hyphens and underscores.`,
        );
      }
      checkAttributes(attributes);
      const text = JSON.stringify(attributes);
      const existing = names.get(name);
      if (existing && JSON.stringify(existing.attributes) === text) return existing;
      const at = now();
      if (existing) {
        store.write(() => update.run(at, text, existing.id));
        return keep({
          id: existing.id,
          name,
          created_at: existing.createdAt,
          modified_at: at,
          attributes: text,
        });
      }
      const { lastInsertRowid } = store.write(() => insert.run(name, at, at, text));
      return keep({ id: Number(lastInsertRowid), name, created_at: at, modified_at: at, attributes: text });
    },
    remove(queue) {
      store.write(() => remove.run(queue.id));
      names.delete(queue.name);
      arns.delete(queue.arn);
    },
    byArn: (arn) => arns.get(arn),
    byName: (name) => names.get(name),
    all: () => [...names.values()],
  };
}
