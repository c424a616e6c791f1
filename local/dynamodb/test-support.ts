import { AwsError, type Caller } from '../aws.ts';
import { openStore, type Store } from '../store.ts';
import { createDynamoDb, type DynamoDb } from './dynamodb.ts';

export const CALLER: Caller = {
  accessKeyId: 'LKIATEST',
  arn: 'arn:aws:iam::000000000000:user/admin',
  accountId: '000000000000',
};
export const PLACE = { region: 'eu-west-1', accountId: '000000000000' };

type Json = Record<string, unknown>;

export interface Fixture {
  readonly store: Store;
  readonly db: DynamoDb;
  /** The clock, in milliseconds since 1970; tests set it. */
  readonly clock: { now: number };
  call<T = Json>(action: string, input: Json): T;
  streams<T = Json>(action: string, input: Json): T;
  /** The error that an action throws. */
  refused(action: string, input: Json): AwsError;
  close(): void;
}

/** An engine in memory, or in a file, with a clock that stands still. */
export function openFixture(file?: string, { transitionTime = 0 } = {}): Fixture {
  const store = openStore(file);
  const clock = { now: Date.UTC(2026, 0, 5, 12) };
  const db = createDynamoDb({ store, place: PLACE, now: () => clock.now, transitionTime });
  const call = <T>(action: string, input: Json): T => db.call(action, input, CALLER) as T;
  return {
    store,
    db,
    clock,
    call,
    streams: <T>(action: string, input: Json): T => db.streamsCall(action, input, CALLER) as T,
    refused(action, input) {
      try {
        call(action, input);
      } catch (error) {
        if (error instanceof AwsError) return error;
        throw error;
      }
      throw new Error(`${action} was not refused`);
    },
    close() {
      db.close();
      store.close();
    },
  };
}

const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
export const keySchema = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  ...(range ? [{ AttributeName: range, KeyType: 'RANGE' }] : []),
];

/** The request for a table with keys `pk` and `sk` and the index `gsi1`, all strings, and a stream. */
export const MAIN_TABLE = {
  TableName: 'main',
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk'].map(string),
  KeySchema: keySchema('pk', 'sk'),
  GlobalSecondaryIndexes: [
    { IndexName: 'gsi1', KeySchema: keySchema('gsi1pk', 'gsi1sk'), Projection: { ProjectionType: 'ALL' } },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
};

export function openMain(file?: string): Fixture {
  const fixture = openFixture(file);
  fixture.call('CreateTable', MAIN_TABLE);
  return fixture;
}
