import type { Requester } from './authorization.ts';
import type { Query } from './documents.ts';
import type { ErrorEntry } from './errors.ts';
import type { Filter } from './filter.ts';
import type { Batches } from './lambda.ts';
import type { Invalidation } from './runtime/utils.ts';

/** What all fields of one operation share while it runs. */
export interface OperationContext {
  /**
   * `run`: a query or mutation. `start`: the root field of a subscription, whose resolver decides about it. `deliver`: an
   * event for a subscriber; all values are there, so no resolver runs.
   */
  readonly phase: 'run' | 'start' | 'deliver';
  readonly requester: Requester;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly appended: ErrorEntry[];
  readonly invalidations: Invalidation[];
  readonly responseHeaders: Record<string, string>;
  readonly batches: Batches;
  /** How many resolvers have run. */
  resolversRun: number;
  /** Of a subscription, once its root field was asked. */
  started?: Started;
}

/** What was decided about a subscription when it started. */
export interface Started {
  readonly fieldName: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** In place of the arguments; null lets every event through. */
  filter?: Filter | null;
  invalidationFilter?: Filter;
  error?: ErrorEntry;
}

export function operationContext(
  phase: OperationContext['phase'],
  requester: Requester,
  headers: Readonly<Record<string, string>>,
  query: Query,
  variables: Readonly<Record<string, unknown>>,
): OperationContext {
  return {
    phase,
    requester,
    headers,
    query,
    variables,
    appended: [],
    invalidations: [],
    responseHeaders: {},
    batches: new Map(),
    resolversRun: 0,
  };
}
