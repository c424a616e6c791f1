import type { Store } from '../store.ts';
import type { Happening, SentMail } from './events.ts';

/** A mail on its way, and what will happen to it. */
export interface Delivery {
  readonly mail: SentMail;
  readonly happening: Happening;
}

/** What will happen to accepted mails, kept until it has: a process that dies in between leaves it to the next one. */
export interface Deliveries {
  /** Durable with the `store.write` that surrounds the call. */
  add(mail: SentMail, happenings: readonly Happening[]): void;
  /** Lets things happen, also what the last process left. */
  start(): void;
  close(): void;
}

export interface DeliveriesOptions {
  readonly store: Store;
  /** How long a mail is on its way. */
  readonly delayMilliseconds: number;
  readonly now: () => number;
  /** Called in a `store.write` with the removal of what happened. */
  readonly happen: (delivery: Delivery) => void;
}

interface Row {
  readonly seq: number;
  readonly due_at: number;
  readonly delivery: string;
}

export function openDeliveries({ store, delayMilliseconds, now, happen }: DeliveriesOptions): Deliveries {
  store.db.exec(`CREATE TABLE IF NOT EXISTS ses_deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, due_at INTEGER NOT NULL, delivery TEXT NOT NULL) STRICT`);
  const insert = store.db.prepare('INSERT INTO ses_deliveries (due_at, delivery) VALUES (?, ?)');
  const first = store.db.prepare('SELECT * FROM ses_deliveries ORDER BY seq LIMIT 1');
  const remove = store.db.prepare('DELETE FROM ses_deliveries WHERE seq = ?');
  let running = false;
  let timer: NodeJS.Timeout | undefined;

  const next = () => first.get() as Row | undefined;

  function arm(): void {
    if (!running || timer) return;
    const row = next();
    if (row) timer = setTimeout(run, Math.max(0, row.due_at - now()));
  }

  function run(): void {
    timer = undefined;
    store.write(() => {
      for (let row = next(); row && row.due_at <= now(); row = next()) {
        happen(JSON.parse(row.delivery) as Delivery);
        remove.run(row.seq);
      }
    });
    arm();
  }

  return {
    add(mail, happenings) {
      store.write(() => {
        const dueAt = now() + delayMilliseconds;
        for (const happening of happenings) insert.run(dueAt, JSON.stringify({ mail, happening }));
      });
      arm();
    },
    start() {
      running = true;
      arm();
    },
    close() {
      running = false;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
