import type { DomainEvent } from './events.ts';
import type { Via } from './via.ts';

/**
 * What a write says about itself, stamped on exactly one of its items. The relay publishes `events` once for each
 * new `id`; a write without a stamp (re-keying, backfill, restore) is silent.
 */
export interface Change {
  /** Made before the write; an event's id is this id and its place in `events`. */
  readonly id: string;
  readonly at: string;
  /** The user or function that made the change. */
  readonly actor: string;
  /** The mutation or consumer that made the change. */
  readonly reason: string;
  /** Ties together all that one request set off. */
  readonly correlationId: string;
  /** Id of the event that caused this change; absent when a client caused it. */
  readonly causationId?: string;
  /** IMPORT for what was imported, or follows from nothing else; absent means API. */
  readonly via?: Via;
  readonly events: readonly DomainEvent[];
}

/** What the shell knows about a change before the domain decides what it is. */
export type Cause = Omit<Change, 'events'>;

/** The cause with the events it led to. */
export function stamp(cause: Cause, ...events: DomainEvent[]): Change {
  return { ...cause, events };
}

/** The cause of a change that is about a fact which came this way. */
export function withVia(cause: Cause, via: Via): Cause {
  return via === 'IMPORT' ? { ...cause, via } : cause;
}
