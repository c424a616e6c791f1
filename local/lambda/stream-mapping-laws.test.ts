import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../store.ts';
import { openCheckpoints } from './checkpoints.ts';
import { createStream, place } from './fixture.ts';
import type { Outcome } from './result.ts';
import type { Mapping, Queues } from './sources.ts';
import { mappingIdOf, startStreamMapping } from './stream-mapping.ts';

const functionArn = `arn:aws:lambda:${place.region}:${place.accountId}:function:f`;
const destination = `arn:aws:sqs:${place.region}:${place.accountId}:failed`;

interface Record_ {
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly NewImage: { readonly v: { readonly S: string } };
  };
}

describe('a stream mapping', () => {
  it('has one id in every process', () => {
    expect(mappingIdOf('f', 's')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(mappingIdOf('f', 's')).toBe(mappingIdOf('f', 's'));
    expect(mappingIdOf('f', 's')).not.toBe(mappingIdOf('f', 't'));
  });

  it('does every record or gives it up, in order, whatever fails, is throttled or stopped', async () => {
    const configuration = fc.record({
      count: fc.integer({ min: 1, max: 20 }),
      poison: fc.uniqueArray(fc.nat({ max: 19 }), { maxLength: 3 }),
      flaky: fc.array(fc.boolean(), { maxLength: 10 }),
      throttles: fc.array(fc.boolean(), { maxLength: 10 }),
      batchSize: fc.integer({ min: 1, max: 7 }),
      retries: fc.integer({ min: 0, max: 2 }),
      report: fc.boolean(),
      restartAfter: fc.integer({ min: 1, max: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(
        configuration,
        async ({ count, poison, batchSize, retries, report, restartAfter, ...faults }) => {
          const store = openStore();
          const stream = createStream();
          const checkpoints = openCheckpoints(store);
          const values = Array.from({ length: count }, (_, index) => `r${index}`);
          const bad = new Set(poison.map((index) => `r${index}`));
          const flaky = [...faults.flaky];
          const throttles = [...faults.throttles];
          const done: string[] = [];
          const givenUp: { start: string; end: string }[] = [];
          let calls = 0;
          let mapping: Mapping | undefined;
          let restarted: Promise<void> | undefined;
          const finished = Promise.withResolvers<void>();

          async function invoke(_: string, event: string): Promise<Outcome> {
            calls++;
            if (calls === restartAfter) restarted = restart();
            if (throttles.pop()) return { kind: 'throttled' };
            const records = (JSON.parse(event) as { Records: Record_[] }).Records;
            const each = records.map(({ dynamodb }) => dynamodb.NewImage.v.S);
            const at = each.findIndex((value) => bad.has(value));
            if (at === -1 && flaky.pop() && !each.includes('last')) {
              return { kind: 'error', error: { errorType: 'Error', errorMessage: 'flaky' } };
            }
            if (at === -1) {
              done.push(...each);
              if (each.includes('last')) finished.resolve();
              return { kind: 'success', text: 'null' };
            }
            if (!report) return { kind: 'error', error: { errorType: 'Error', errorMessage: 'poison' } };
            done.push(...each.slice(0, at));
            const itemIdentifier = records[at]?.dynamodb.SequenceNumber;
            return { kind: 'success', text: JSON.stringify({ batchItemFailures: [{ itemIdentifier }] }) };
          }

          const queues: Queues = {
            send(_, body) {
              const { startSequenceNumber, endSequenceNumber } = JSON.parse(body).DDBStreamBatchInfo;
              givenUp.push({ start: startSequenceNumber, end: endSequenceNumber });
            },
            receive: () => [],
            visibilitySeconds: () => 30,
            remove() {},
            release() {},
            onMessage: () => () => {},
          };

          const start = () =>
            startStreamMapping(
              {
                functionArn,
                streamArn: stream.arn,
                startingPosition: 'TRIM_HORIZON',
                batchSize,
                bisectOnError: true,
                maximumRetryAttempts: retries,
                reportBatchItemFailures: report,
                onFailureArn: destination,
              },
              {
                store,
                checkpoints,
                streams: stream,
                queues,
                buckets: { put() {} },
                invoke,
                backoff: { firstMilliseconds: 0, maxMilliseconds: 0 },
                log: (message) => expect.fail(message),
                now: Date.now,
              },
            );

          async function restart(): Promise<void> {
            await mapping?.stop();
            mapping = start();
          }

          stream.append(...values);
          mapping = start();
          stream.append('last');
          await finished.promise;
          await restarted;
          await mapping.stop();

          const sequenceOf = (value: string) => String(values.indexOf(value) + 1).padStart(21, '0');
          const isGivenUp = (value: string) =>
            givenUp.some(({ start: first, end }) => first <= sequenceOf(value) && sequenceOf(value) <= end);
          for (const value of values) {
            expect(done.includes(value) || isGivenUp(value), `${value} is lost`).toBe(true);
            if (bad.has(value)) expect(done).not.toContain(value);
          }
          const firsts = [...new Set(done)];
          expect(firsts).toEqual([...values, 'last'].filter((value) => firsts.includes(value)));
          if (faults.flaky.every((fails) => !fails)) {
            expect(values.filter(isGivenUp)).toEqual(values.filter((value) => bad.has(value)));
          }
          store.close();
        },
      ),
      { numRuns: 150 },
    );
  });
});
