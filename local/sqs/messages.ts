import { randomUUID } from 'node:crypto';
import type { Store } from '../store.ts';
import { decodeReceipt, encodeReceipt, type Message, type SendOptions } from './message.ts';
import type { Queue } from './queues.ts';

/** The messages of all queues. Every function that changes something is one all-or-nothing write of the store. */
export interface Messages {
  /** Keeps a message, visible from `visibleAt` on, and gives its id. */
  add(queue: Queue, body: string, visibleAt: number, options: SendOptions): string;
  /** Takes up to `max` visible messages and hides them until `visibleAt`. */
  take(queue: Queue, options: TakeOptions): Taken;
  /** Whether the handle is one of ours; a void one removes nothing. */
  remove(queue: Queue, receiptHandle: string): boolean;
  /** Makes a message in flight visible at `visibleAt`. */
  reveal(queue: Queue, receiptHandle: string, visibleAt: number): 'done' | 'not in flight' | 'invalid';
  purge(queue: Queue): void;
  /**
   * Sends up to `max` messages of `from` on as new ones, each to the queue that `target` gives for the one that a redrive
   * policy took it from; where there is none, it stops.
   */
  redrive(from: Queue, max: number, target: (source: string | null) => Queue | undefined): Redriven;
  counts(queue: Queue): { visible: number; inFlight: number; delayed: number };
}

export interface TakeOptions {
  readonly max: number;
  readonly visibleAt: number;
  /** Where messages go that were already received `maxReceiveCount` times. */
  readonly deadLetters: { readonly queue: Queue; readonly maxReceiveCount: number } | undefined;
  readonly faults: SqsFaults;
}

/** Standard queues may deliver twice and in any order; these make one do it. */
export interface SqsFaults {
  /** Deliver in random order; a function is asked at each look at a queue. */
  reorder?: boolean | ((queueName: string) => boolean);
  /** Asked of a message received: `true` leaves it visible, so that another receiver gets it at the same time. */
  duplicate?: (body: string, queueName: string) => boolean;
  /** Asked of a message sent: for how many more milliseconds nobody gets it. */
  delay?: (queueName: string) => number;
}

export interface Redriven {
  readonly moved: number;
  /** The queues that have new messages. */
  readonly targets: readonly Queue[];
  /** There is a message for which no queue is known. */
  readonly isStuck: boolean;
}

export interface Taken {
  readonly messages: Message[];
  /**
   * When the next message becomes visible that was hidden at this look at the queue, in milliseconds since 1970; undefined
   * when there is none, or when more messages may be visible already.
   */
  readonly nextVisibleAt: number | undefined;
  /** How many messages went to the dead-letter queue instead. */
  readonly buried: number;
}

interface MessageRow {
  readonly seq: number;
  readonly message_id: string;
  readonly body: string;
  readonly attributes: string | null;
  readonly trace_header: string | null;
  readonly sender_id: string;
  readonly sent_at: number;
  readonly first_received_at: number | null;
  readonly receive_count: number;
  readonly dead_letter_source: string | null;
}

const schema = `
  CREATE TABLE IF NOT EXISTS sqs_messages (
    seq INTEGER PRIMARY KEY, queue INTEGER NOT NULL, visible_at INTEGER NOT NULL, receive_count INTEGER NOT NULL,
    first_received_at INTEGER, sent_at INTEGER NOT NULL, message_id TEXT NOT NULL, sender_id TEXT NOT NULL,
    dead_letter_source TEXT, trace_header TEXT, attributes TEXT, body TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS sqs_messages_visible ON sqs_messages (queue, visible_at)`;

/** How often expired messages, which no receiver sees any more, are swept out of the file. */
const sweepMilliseconds = 3_600_000;

/** Opens the messages. What was in flight when the last process ended is visible at once: no receiver outlived it. */
export function openMessages(store: Store, now: () => number): Messages {
  const { db } = store;
  db.exec(schema);
  const select = `SELECT seq, message_id, body, attributes, trace_header, sender_id, sent_at, first_received_at,
    receive_count, dead_letter_source FROM sqs_messages WHERE queue = ? AND visible_at <= ? AND sent_at > ?`;
  const next = db.prepare(`${select} ORDER BY visible_at, seq LIMIT ?`);
  const shuffled = db.prepare(`${select} ORDER BY random() LIMIT ?`);
  const insert =
    db.prepare(`INSERT INTO sqs_messages (queue, visible_at, receive_count, sent_at, message_id, sender_id,
    trace_header, attributes, body) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?)`);
  const hide = db.prepare(
    'UPDATE sqs_messages SET visible_at = ?, receive_count = ?, first_received_at = ? WHERE seq = ?',
  );
  const move = db.prepare(
    'UPDATE sqs_messages SET queue = ?, visible_at = ?, dead_letter_source = ? WHERE seq = ?',
  );
  const receipt = 'WHERE seq = ? AND queue = ? AND receive_count = ? AND message_id = ?';
  const removeOne = db.prepare(`DELETE FROM sqs_messages ${receipt}`);
  const revealOne = db.prepare(`UPDATE sqs_messages SET visible_at = ? ${receipt} AND visible_at > ?`);
  const removeAll = db.prepare('DELETE FROM sqs_messages WHERE queue = ?');
  const sweep = db.prepare('DELETE FROM sqs_messages WHERE queue = ? AND sent_at <= ?');
  const soonest = db.prepare(
    'SELECT min(visible_at) AS at FROM sqs_messages WHERE queue = ? AND visible_at > ?',
  );
  const oldest = db.prepare(
    'SELECT * FROM sqs_messages WHERE queue = ? AND visible_at <= ? AND sent_at > ? ORDER BY seq LIMIT ?',
  );
  const renew = db.prepare(`UPDATE sqs_messages SET queue = ?, visible_at = ?, sent_at = ?, message_id = ?,
    receive_count = 0, first_received_at = NULL, dead_letter_source = NULL WHERE seq = ?`);
  const count = db.prepare(`SELECT count(*) FILTER (WHERE visible_at <= :now) AS visible,
    count(*) FILTER (WHERE visible_at > :now AND receive_count > 0) AS inFlight,
    count(*) FILTER (WHERE visible_at > :now AND receive_count = 0) AS delayed
    FROM sqs_messages WHERE queue = :queue AND sent_at > :since`);
  const swept = new Map<number, number>();

  const started = now();
  store.write(() =>
    db
      .prepare('UPDATE sqs_messages SET visible_at = ? WHERE receive_count > 0 AND visible_at > ?')
      .run(started, started),
  );

  const nextVisibleAfter = (queue: Queue, time: number) =>
    (soonest.get(queue.id, time) as { at: number | null }).at ?? undefined;
  const expiry = (queue: Queue) => now() - queue.settings.retentionSeconds * 1000;

  function sweepSometimes(queue: Queue): void {
    if (now() - (swept.get(queue.id) ?? 0) < sweepMilliseconds) return;
    swept.set(queue.id, now());
    sweep.run(queue.id, expiry(queue));
  }

  return {
    add(queue, body, visibleAt, { attributes, traceHeader, senderId }) {
      const messageId = randomUUID();
      const kept = attributes && Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : null;
      const sender = senderId ?? 'local';
      store.write(() =>
        insert.run(queue.id, visibleAt, now(), messageId, sender, traceHeader ?? null, kept, body),
      );
      return messageId;
    },
    take(queue, { max, visibleAt, deadLetters, faults }) {
      const { reorder } = faults;
      const read = (typeof reorder === 'function' ? reorder(queue.name) : reorder) ? shuffled : next;
      return store.write(() => {
        sweepSometimes(queue);
        const at = now();
        const messages: Message[] = [];
        let drained = false;
        let buried = 0;
        while (messages.length < max && !drained) {
          const wanted = max - messages.length;
          const rows = read.all(queue.id, at, expiry(queue), wanted) as unknown as MessageRow[];
          drained = rows.length < wanted;
          for (const row of rows) {
            if (deadLetters && row.receive_count >= deadLetters.maxReceiveCount) {
              move.run(deadLetters.queue.id, at, queue.arn, row.seq);
              buried++;
              continue;
            }
            const until = faults.duplicate?.(row.body, queue.name) ? at : visibleAt;
            hide.run(until, row.receive_count + 1, row.first_received_at ?? at, row.seq);
            messages.push(received(row, at));
          }
          if (faults.duplicate) break;
        }
        return { messages, buried, nextVisibleAt: drained ? nextVisibleAfter(queue, at) : undefined };
      });
    },
    remove(queue, receiptHandle) {
      const parts = decodeReceipt(receiptHandle);
      if (!parts) return false;
      store.write(() => removeOne.run(parts.seq, queue.id, parts.receiveCount, parts.messageId));
      return true;
    },
    reveal(queue, receiptHandle, visibleAt) {
      const parts = decodeReceipt(receiptHandle);
      if (!parts) return 'invalid';
      const { changes } = store.write(() =>
        revealOne.run(visibleAt, parts.seq, queue.id, parts.receiveCount, parts.messageId, now()),
      );
      return changes === 0 ? 'not in flight' : 'done';
    },
    purge(queue) {
      store.write(() => removeAll.run(queue.id));
    },
    redrive(from, max, target) {
      return store.write(() => {
        const targets = new Set<Queue>();
        const rows = oldest.all(from.id, now(), expiry(from), max) as unknown as MessageRow[];
        for (const [moved, row] of rows.entries()) {
          const to = target(row.dead_letter_source);
          if (!to) return { moved, targets: [...targets], isStuck: true };
          renew.run(to.id, now(), now(), randomUUID(), row.seq);
          targets.add(to);
        }
        return { moved: rows.length, targets: [...targets], isStuck: false };
      });
    },
    counts(queue) {
      return count.get({ ':now': now(), ':queue': queue.id, ':since': expiry(queue) }) as {
        visible: number;
        inFlight: number;
        delayed: number;
      };
    },
  };
}

function received(row: MessageRow, at: number): Message {
  const receiveCount = row.receive_count + 1;
  return {
    messageId: row.message_id,
    receiptHandle: encodeReceipt(row.seq, receiveCount, row.message_id),
    body: row.body,
    attributes: row.attributes === null ? undefined : JSON.parse(row.attributes),
    traceHeader: row.trace_header ?? undefined,
    senderId: row.sender_id,
    sentAt: row.sent_at,
    firstReceivedAt: row.first_received_at ?? at,
    receiveCount,
    deadLetterSource: row.dead_letter_source ?? undefined,
  };
}
