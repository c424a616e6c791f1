import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createS3, type S3 } from '../s3/s3.ts';
import { createSqs, type Sqs } from '../sqs/sqs.ts';
import { openStore, type Store } from '../store.ts';
import type { FunctionDefinition } from './function.ts';
import { createLambda, type Lambda } from './lambda.ts';
import type { LambdaOptions } from './options.ts';
import type { StreamRecord, Streams } from './sources.ts';

/** A local cloud for tests: functions written on the spot, queues, a bucket `failures` and one stream. */
export interface Fixture {
  readonly store: Store;
  readonly sqs: Sqs;
  readonly s3: S3;
  readonly stream: TestStream;
  readonly lambda: Lambda;
  readonly dir: string;
  /** Writes the source of an ES module, makes it a function and gives its ARN. */
  add(name: string, source: string, definition?: Partial<FunctionDefinition>): string;
  /** Ends the process, as far as a test can: closes everything and keeps the files. */
  stop(): Promise<void>;
}

export interface TestStream extends Streams {
  readonly arn: string;
  append(...values: unknown[]): void;
}

export const place = { region: 'eu-central-1', accountId: '000000000000' };

const streamArn = 'arn:aws:dynamodb:eu-central-1:000000000000:table/crm/stream/2026-01-01T00:00:00.000';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'lambda-'));
}

export function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/** A stream whose records outlive what reads it. */
export function createStream(): TestStream {
  const records: StreamRecord[] = [];
  const listeners = new Set<() => void>();
  return {
    arn: streamArn,
    append(...values) {
      for (const value of values) {
        const SequenceNumber = String(records.length + 1).padStart(21, '0');
        const dynamodb = {
          SequenceNumber,
          ApproximateCreationDateTime: Date.now() / 1000,
          NewImage: { v: { S: value } },
        };
        records.push({ eventID: `e${records.length}`, eventName: 'INSERT', dynamodb });
      }
      for (const listener of listeners) listener();
    },
    readStream(_, after, limit) {
      const last = records.at(-1)?.dynamodb.SequenceNumber;
      if (after === 'LATEST') return { records: [], lastSequence: last };
      const found = records.filter(
        ({ dynamodb }) => after === 'TRIM_HORIZON' || dynamodb.SequenceNumber > after,
      );
      const page = found.slice(0, limit);
      return { records: page, lastSequence: page.at(-1)?.dynamodb.SequenceNumber ?? last };
    },
    onStream(_, listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

export interface FixtureOptions extends Partial<LambdaOptions> {
  readonly dir: string;
  readonly stream?: TestStream;
  /** How long queue mappings hide what they receive; default: as the queue says, which is at least a second. */
  readonly visibilitySeconds?: number;
  /** Keep the store in a file of the folder. */
  readonly durable?: boolean;
}

export function createFixture({
  dir,
  durable,
  visibilitySeconds,
  stream = createStream(),
  ...options
}: FixtureOptions): Fixture {
  const store = openStore(durable ? join(dir, 'store.sqlite') : undefined);
  const sqs = createSqs({ store, place, endpoint: 'http://127.0.0.1:4001' });
  const s3 = createS3({ store, region: place.region });
  s3.createBucket('failures');
  const lambda = createLambda({
    store,
    place,
    credentialsFor: (_, sessionName) => ({
      accessKeyId: `ASIA-${sessionName}`,
      secretAccessKey: 'secret',
      sessionToken: 'token',
    }),
    endpoints: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4001' },
    streams: stream,
    queues: { ...sqs, receive: (arn, max) => sqs.receive(arn, max, visibilitySeconds) },
    buckets: s3,
    logDir: join(dir, 'log'),
    backoff: { firstMilliseconds: 2, maxMilliseconds: 10 },
    ...options,
  });
  return {
    store,
    sqs,
    s3,
    stream,
    lambda,
    dir,
    add(name, source, definition = {}) {
      const assetDir = definition.assetDir ?? join(dir, name);
      mkdirSync(assetDir, { recursive: true });
      writeFileSync(join(assetDir, 'index.mjs'), source);
      const arn = `arn:aws:lambda:eu-central-1:000000000000:function:${name}`;
      lambda.createFunction({
        name,
        arn,
        roleArn: `arn:aws:iam::000000000000:role/${name}`,
        assetDir,
        handler: 'index.handler',
        env: { OUT: join(dir, `${name}.out`), FLAG: join(dir, `${name}.flag`) },
        timeoutSeconds: 3,
        memoryMb: 128,
        ...definition,
      });
      return arn;
    },
    async stop() {
      await lambda.close(200);
      sqs.close();
      store.close();
    },
  };
}
