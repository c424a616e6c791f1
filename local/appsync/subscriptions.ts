import type { OperationDefinitionNode } from 'graphql';
import type { Requester } from './authorization.ts';
import type { Query } from './documents.ts';
import { type Filter, passes, valueAt } from './filter.ts';

/** A subscription that has started. */
export interface Subscription {
  readonly fieldName: string;
  readonly query: Query;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly requester: Requester;
  readonly args: Readonly<Record<string, unknown>>;
  /** In place of the arguments; null lets every event through. */
  readonly filter?: Filter | null;
  readonly invalidationFilter?: Filter;
  /** Takes the payload of an event, as JSON. */
  readonly deliver: (payload: string) => void;
  /** Called when a mutation invalidated it; it has been removed. */
  readonly end: () => void;
}

export interface Subscriptions {
  /** Begins to listen; gives what stops it. */
  add(subscription: Subscription): () => void;
  /** Whether anybody listens to the mutation. */
  listensTo(mutation: string): boolean;
  /** Hands on what a mutation gave to those who listen to it. */
  publish(mutation: string, data: unknown): void;
  /** Ends the subscriptions of a field whose invalidation filter the payload passes. */
  invalidate(fieldName: string, payload: unknown): void;
}

/** Subscriptions of a field. Those that want one value of one path only lie under it, so that an event finds them. */
interface Listeners {
  readonly all: Set<Subscription>;
  readonly byPath: Map<string, Map<unknown, Set<Subscription>>>;
  readonly others: Set<Subscription>;
}

/**
 * @param mutationsOf the mutations that each subscription field listens to
 * @param render the payload of an event for subscribers who asked the same and may read the same
 */
export function createSubscriptions(
  mutationsOf: ReadonlyMap<string, readonly string[]>,
  render: (subscription: Subscription, data: unknown) => string | undefined,
): Subscriptions {
  const listeners = new Map<string, Listeners>();
  const fieldsOf = new Map<string, string[]>();
  for (const [field, mutations] of mutationsOf) {
    listeners.set(field, { all: new Set(), byPath: new Map(), others: new Set() });
    for (const mutation of mutations) fieldsOf.set(mutation, [...(fieldsOf.get(mutation) ?? []), field]);
  }

  return {
    add(subscription) {
      const at = listeners.get(subscription.fieldName);
      if (!at) return () => {};
      at.all.add(subscription);
      const place = placeOf(at, subscription);
      place.add(subscription);
      return () => {
        at.all.delete(subscription);
        place.delete(subscription);
        prune(at, subscription);
      };
    },
    listensTo: (mutation) =>
      fieldsOf.get(mutation)?.some((field) => (listeners.get(field)?.all.size ?? 0) > 0) ?? false,
    publish(mutation, data) {
      const payloads = new Map<string, string | undefined>();
      for (const field of fieldsOf.get(mutation) ?? []) {
        const at = listeners.get(field);
        if (!at) continue;
        for (const subscription of candidates(at, data)) {
          if (!wants(subscription, data)) continue;
          const key = `${subscription.query.id} ${subscription.operation.name?.value ?? ''} ${subscription.requester.key} ${JSON.stringify(subscription.variables)}`;
          if (!payloads.has(key)) payloads.set(key, render(subscription, data));
          const payload = payloads.get(key);
          if (payload !== undefined) subscription.deliver(payload);
        }
      }
    },
    invalidate(fieldName, payload) {
      for (const subscription of [...(listeners.get(fieldName)?.all ?? [])]) {
        if (subscription.invalidationFilter && passes(subscription.invalidationFilter, payload))
          subscription.end();
      }
    },
  };
}

/** Whether an event passes the filter, or without one, agrees with the arguments. */
function wants({ filter, args }: Subscription, data: unknown): boolean {
  if (filter === null) return true;
  if (filter) return passes(filter, data);
  return Object.entries(args).every(([name, value]) => {
    const actual = valueAt(data, name);
    return value === null ? actual === null || actual === undefined : actual === value;
  });
}

/** A path and the one value there that a subscription can only want. */
function anchorOf({ filter, args }: Subscription): readonly [string, unknown] | undefined {
  if (filter === null) return undefined;
  if (filter) {
    const [group, ...alternatives] = filter.filterGroup;
    const exact = group?.filters.find(({ operator }) => operator === 'eq');
    return exact && alternatives.length === 0 ? [exact.fieldName, exact.value] : undefined;
  }
  return Object.entries(args).find(([, value]) => value !== null);
}

function placeOf(at: Listeners, subscription: Subscription): Set<Subscription> {
  const anchor = anchorOf(subscription);
  if (!anchor) return at.others;
  const [path, value] = anchor;
  const values = at.byPath.get(path) ?? new Map<unknown, Set<Subscription>>();
  at.byPath.set(path, values);
  const place = values.get(value) ?? new Set<Subscription>();
  values.set(value, place);
  return place;
}

function prune(at: Listeners, subscription: Subscription): void {
  const [path, value] = anchorOf(subscription) ?? [];
  const values = path === undefined ? undefined : at.byPath.get(path);
  if (values?.get(value)?.size === 0) values.delete(value);
}

function* candidates(at: Listeners, data: unknown): Iterable<Subscription> {
  for (const [path, values] of at.byPath) yield* values.get(valueAt(data, path)) ?? [];
  yield* at.others;
}
