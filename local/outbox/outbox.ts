import type { Store } from '../store.ts';

/** A mail or text message that would have left the firm. */
export interface Outgoing {
  readonly kind: 'EMAIL' | 'SMS';
  readonly service: 'ses' | 'cognito' | 'sns';
  /** An address, perhaps with a name; of a text message the sender's id, null when it has none. */
  readonly from: string | null;
  /** Bare addresses or numbers of everybody who gets it, blind copies included. */
  readonly to: readonly string[];
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly messageId: string;
}

export interface OutboxEntry extends Outgoing {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  /** What became of it so far, by the name that the event has on the bus: `Email Sent`, `Email Bounced`. */
  readonly events: readonly string[];
}

/** What would have left the firm, kept in the store: the latest 10,000 messages. */
export interface Outbox {
  /** Keeps a message; durable with the `store.write` that surrounds the call. */
  add(message: Outgoing): void;
  /** Notes an event of a message; of one that is not kept any more nothing. */
  happened(messageId: string, event: string): void;
  /** Newest first; only what went to the address `to`, in whatever case, when it is given. */
  list(query: { readonly to?: string | undefined; readonly limit: number }): OutboxEntry[];
}

export interface OutboxOptions {
  readonly store: Store;
  /** How many messages are kept; default: 10,000. */
  readonly most?: number;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly message: string;
  readonly events: string;
}

function entryOf({ seq, at, message, events }: EntryRow): OutboxEntry {
  const outgoing = JSON.parse(message) as Outgoing;
  return { id: String(seq), at: new Date(at).toISOString(), ...outgoing, events: JSON.parse(events) };
}

export function openOutbox({ store, most = 10_000, now = Date.now }: OutboxOptions): Outbox {
  store.db.exec(`CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, message_id TEXT NOT NULL,
    message TEXT NOT NULL, events TEXT NOT NULL) STRICT;
    CREATE INDEX IF NOT EXISTS outbox_by_message ON outbox (message_id)`);
  const insert = store.db.prepare(
    `INSERT INTO outbox (at, message_id, message, events) VALUES (?, ?, ?, '[]')`,
  );
  const bound = store.db.prepare('DELETE FROM outbox WHERE seq <= ?');
  const note = store.db.prepare(
    `UPDATE outbox SET events = json_insert(events, '$[#]', ?) WHERE message_id = ?`,
  );
  const latest = store.db.prepare('SELECT * FROM outbox ORDER BY seq DESC LIMIT ?');
  const latestTo = store.db.prepare(
    `SELECT * FROM outbox WHERE EXISTS (SELECT 1 FROM json_each(message, '$.to') WHERE value = ? COLLATE NOCASE)
     ORDER BY seq DESC LIMIT ?`,
  );

  return {
    add(message) {
      store.write(() => {
        const { lastInsertRowid } = insert.run(now(), message.messageId, JSON.stringify(message));
        bound.run(Number(lastInsertRowid) - most);
      });
    },
    happened(messageId, event) {
      store.write(() => note.run(event, messageId));
    },
    list({ to, limit }) {
      const rows = to === undefined ? latest.all(limit) : latestTo.all(to, limit);
      return rows.map((row) => entryOf(row as unknown as EntryRow));
    },
  };
}
