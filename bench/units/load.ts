import { join } from 'node:path';
import { placeOf } from '../../local/cloud/templates.ts';
import { createDynamoDb } from '../../local/dynamodb/dynamodb.ts';
import { createIdentities, newAdminKey } from '../../local/identity.ts';
import { openStore } from '../../local/store.ts';
import { loadAssembly } from '../../local/template/assembly.ts';
import { assemblyDir, tenant } from '../../test/support/assembly.ts';
import { type Copier, createCopier } from './copies.ts';
import { DAY } from './sample.ts';
import type { Item } from './stored.ts';

/** The tables of a cloud that does not run: what is written here, nobody hears of. */
export interface StoppedTables {
  /** What copies a sample that is in the table. */
  copierOf(sample: Parameters<typeof createCopier>[0]): Copier;
  /** Writes copies with the numbers from `from` on. */
  write(copier: Copier, from: number, count: number): Promise<void>;
  close(): void;
}

/** Items of one call of BatchWriteItem, and calls that share a commit. */
const BATCH = 25;
const BATCHES_OF_A_COMMIT = 400;

/** Opens the tables of the demo tenant in a folder that a cloud has made. What is written is lost when the system crashes. */
export function openTables(folder: string, tableName: string): StoppedTables {
  const store = openStore(join(folder, tenant, 'cloud.sqlite'));
  // Millions of items would be written three times, as the log, as its checkpoint, and for each sync between.
  store.db.exec('PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; PRAGMA cache_size=-1048576');
  const place = placeOf(loadAssembly(assemblyDir), tenant);
  const caller = createIdentities({ place, admin: newAdminKey() }).adminCaller;
  // What a stream holds is forgotten after a day: what was written two days ago is no news to the relay.
  let age = 2 * DAY;
  const dynamodb = createDynamoDb({ store, place, now: () => Date.now() - age });
  const call = (action: string, input: object) => dynamodb.call(action, { ...input }, caller);

  function* everything(): Generator<Item> {
    let next: unknown;
    do {
      const input = { TableName: tableName, ...(next ? { ExclusiveStartKey: next } : {}) };
      const page = call('Scan', input) as { Items: Item[]; LastEvaluatedKey?: unknown };
      yield* page.Items;
      next = page.LastEvaluatedKey;
    } while (next);
  }

  return {
    copierOf: (sample) => createCopier(sample, everything()),
    async write(copier, from, count) {
      let batches = 0;
      for (const items of batchesOf(copier, from, count)) {
        const requests = items.map((Item) => ({ PutRequest: { Item } }));
        call('BatchWriteItem', { RequestItems: { [tableName]: requests } });
        if (++batches % BATCHES_OF_A_COMMIT > 0) continue;
        await store.committed();
        forgetStream();
      }
      await store.committed();
      forgetStream();
    },
    close() {
      dynamodb.close();
      store.close();
    },
  };

  /** A stream of millions of records would be read over at the next start. */
  function forgetStream(): void {
    const before = age;
    age = 0;
    dynamodb.sweep();
    age = before;
  }
}

function* batchesOf(copier: Copier, from: number, count: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (let number = from; number < from + count; number++) {
    for (const item of copier.items(number)) {
      batch.push(item);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
