import { type Engine, namedTableOf } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { Request } from '../requests/requests.ts';
import type { Table } from '../storage/catalog.ts';
import { readItem } from '../values/item-text.ts';
import { keyOf } from '../values/keys.ts';
import { commit, expiryOf, readStored } from './writes.ts';

interface TimeToLiveSpecification {
  readonly Enabled: boolean;
  readonly AttributeName: string;
}

export function updateTimeToLive(engine: Engine, request: Request): object {
  const { Enabled, AttributeName } = request.TimeToLiveSpecification as TimeToLiveSpecification;
  const table = namedTableOf(engine, request.TableName as string);
  if (Enabled === (table.timeToLive !== undefined)) {
    throw validationError(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
  }
  if (!Enabled && table.timeToLive !== AttributeName) {
    throw validationError(
      `TimeToLive is active on a different AttributeName: current AttributeName is ${table.timeToLive}`,
    );
  }
  const { rows: _rows, timeToLive: _old, ...description } = table;
  engine.store.write(() => {
    const changed = engine.catalog.replace({ ...description, ...(Enabled && { timeToLive: AttributeName }) });
    for (const row of [...table.rows.range({ forward: true })]) {
      const item = readItem(row.item);
      table.rows.setExpiry(keyOf(table.keys, item), expiryOf(changed, item));
    }
  });
  return { TimeToLiveSpecification: { Enabled, AttributeName } };
}

export function describeTimeToLive(engine: Engine, { TableName }: Request): object {
  const { timeToLive } = namedTableOf(engine, TableName as string);
  return {
    TimeToLiveDescription:
      timeToLive === undefined
        ? { TimeToLiveStatus: 'DISABLED' }
        : { TimeToLiveStatus: 'ENABLED', AttributeName: timeToLive },
  };
}

/** Items that expired longer ago than this stay, in seconds: five years. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html */
const TOO_LONG_AGO = 5 * 365 * 24 * 60 * 60;
/** Expired items removed in one write, so that others come between. */
const BATCH = 100;

/** Removes the expired items of all tables, as the service does in the background. Answers how many there were. */
export function removeExpired(engine: Engine): number {
  return engine.catalog.all().reduce((total, table) => total + removeExpiredOf(engine, table), 0);
}

function removeExpiredOf(engine: Engine, table: Table): number {
  if (table.timeToLive === undefined) return 0;
  let removed = 0;
  for (let found = BATCH; found === BATCH; ) {
    found = engine.store.write(() => {
      const now = Math.floor(engine.now() / 1000);
      const rows = table.rows.expired(now - TOO_LONG_AGO, now, BATCH);
      for (const row of rows) {
        const key = keyOf(table.keys, readItem(row.item));
        commit(engine, table, key, readStored(table, key), undefined, true);
      }
      return rows.length;
    });
    removed += found;
  }
  return removed;
}
