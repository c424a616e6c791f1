import { AwsError } from '../aws.ts';
import type { Store } from '../store.ts';
import type { CallApi } from './delivery.ts';
import type { BusEvent } from './event.ts';
import { isObject } from './leaf.ts';
import type { Failed } from './retries.ts';
import { contextOf, type Rule } from './rule.ts';

/** Deliveries to APIs, which take their time: kept in the store until the API has answered. */
export interface ApiCalls {
  /** Keeps a delivery inside of the `store.write` that it is part of; it is made once that is done. */
  add(call: Failed): void;
  /** Makes what the last process left, and everything from now on. */
  start(): void;
  close(): void;
}

export interface ApiCallsOptions {
  readonly store: Store;
  readonly ruleOf: (busName: string, name: string) => Rule | undefined;
  readonly callApi: CallApi;
  /** Hears of what an API did not take, inside of a `store.write`. */
  readonly failed: (call: Failed, error: AwsError) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Kept {
  readonly bus: string;
  readonly rule: string;
  readonly target: string;
  readonly json: string;
  readonly tried: Failed['tried'];
}

function meant(error: unknown): AwsError {
  return error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
}

/** The variables of a mutation, which are the input of its target. */
function variablesIn(input: string): Record<string, unknown> {
  try {
    const variables: unknown = JSON.parse(input);
    if (isObject(variables)) return variables;
  } catch {
    // Told below, with what it is.
  }
  const message = `The variables of a GraphQL operation must be a JSON object, not ${input}.`;
  throw new AwsError('InvalidRequestContentException', message);
}

export function createApiCalls(options: ApiCallsOptions): ApiCalls {
  const { store, ruleOf, callApi, failed, now } = options;
  store.db.exec('CREATE TABLE IF NOT EXISTS events_api_calls (seq INTEGER PRIMARY KEY, call TEXT NOT NULL)');
  const insert = store.db.prepare('INSERT INTO events_api_calls (call) VALUES (?)');
  const find = store.db.prepare('SELECT call FROM events_api_calls WHERE seq = ?');
  const left = store.db.prepare('SELECT seq FROM events_api_calls ORDER BY seq');
  const remove = store.db.prepare('DELETE FROM events_api_calls WHERE seq = ?');
  let started = false;

  function keptAs(seq: number): Failed | undefined {
    const row = find.get(seq) as { readonly call: string } | undefined;
    if (!row) return undefined;
    const { bus, rule: name, target: id, json, tried } = JSON.parse(row.call) as Kept;
    const rule = ruleOf(bus, name);
    const target = rule?.targets.find(({ definition }) => definition.id === id);
    return rule && target && { rule, target, json, tried };
  }

  async function call({ rule, target, json }: Failed): Promise<void> {
    const { arn, roleArn = '' } = target.definition;
    const input = target.transform(JSON.parse(json) as BusEvent, json, contextOf(rule, now()));
    const request = { query: target.operation ?? '', variables: variablesIn(input) };
    await callApi(arn, request, { roleArn, ruleArn: rule.arn });
  }

  /** What is not answered when all closes is made again by the next process. */
  async function make(seq: number): Promise<void> {
    const kept = keptAs(seq);
    let error: AwsError | undefined;
    try {
      if (kept) await call(kept);
    } catch (thrown) {
      error = meant(thrown);
    }
    if (!started) return;
    store.write(() => {
      remove.run(seq);
      if (kept && error) failed(kept, error);
    });
  }

  function soon(seq: number): void {
    setImmediate(() => {
      if (started) void make(seq);
    });
  }

  return {
    add({ rule, target, json, tried }) {
      const kept: Kept = { bus: rule.busName, rule: rule.name, target: target.definition.id, json, tried };
      const { lastInsertRowid } = insert.run(JSON.stringify(kept));
      if (started) soon(Number(lastInsertRowid));
    },
    start() {
      started = true;
      for (const { seq } of left.all()) soon(Number(seq));
    },
    close() {
      started = false;
    },
  };
}
