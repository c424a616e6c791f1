import type { Place } from '../aws.ts';
import type { Store } from '../store.ts';
import { namedTableNotFound, tableInUse, tableNotFound } from './errors.ts';
import type { Catalog, Table } from './storage/catalog.ts';
import type { StreamLogs } from './storage/stream-log.ts';
import type { Transitions } from './storage/transitions.ts';

/** What the actions share. */
export interface Engine {
  readonly store: Store;
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly catalog: Catalog;
  readonly streams: StreamLogs;
  readonly transitions: Transitions;
}

/** The table of a request for data. */
export function tableOf(engine: Engine, name: string): Table {
  const table = engine.catalog.find(name);
  if (!table || engine.transitions.find(name)?.activity === 'CREATING') throw tableNotFound();
  return table;
}

/** The table of a request about tables. */
export function namedTableOf(engine: Engine, name: string): Table {
  const table = engine.catalog.find(name);
  if (!table) throw namedTableNotFound(name);
  return table;
}

/** The table of a request that changes it. Throws ResourceInUseException while another change is going on. */
export function changeableTableOf(engine: Engine, name: string): Table {
  const transition = engine.transitions.find(name);
  if (transition) throw tableInUse(name, transition.activity);
  return namedTableOf(engine, name);
}
