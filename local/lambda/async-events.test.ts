import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../aws.ts';
import type { ServiceEvent } from '../events/event.ts';
import type { Message } from '../sqs/message.ts';
import {
  createFixture,
  type Fixture,
  type FixtureOptions,
  removeFolder,
  temporaryFolder,
} from './fixture.ts';

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000 });

const failing =
  'export const handler = async ({ ok }) => { if (!ok) throw new Error("no"); return { done: true }; };';
const bus = 'arn:aws:events:eu-central-1:000000000000:event-bus/crm';

let dir: string;
let fixture: Fixture;

function start(options: Partial<FixtureOptions> = {}): Fixture {
  fixture = createFixture({ dir, ...options });
  return fixture;
}

beforeEach(() => {
  dir = temporaryFolder();
});

afterEach(async () => {
  await fixture.stop();
  removeFolder(dir);
});

/** Sends an event and gives what comes into a queue. */
async function messageAfter(arn: string, event: object, queueArn: string) {
  fixture.lambda.invokeLater(arn, JSON.stringify(event));
  const received: Message[] = [];
  await eventually(() => {
    received.push(...fixture.sqs.receive(queueArn, 1));
    return received.length;
  }).toBe(1);
  return received[0];
}

describe('an asynchronous event that a function failed', () => {
  it('is told of to the destination for failures, after as many retries as are configured', async () => {
    const { lambda, sqs, add } = start();
    const onFailureArn = sqs.createQueue('failed').arn;
    const arn = add('f', failing);
    lambda.configureAsync(arn, { maximumRetryAttempts: 1, onFailureArn });

    const message = await messageAfter(arn, { id: 7 }, onFailureArn);

    expect(JSON.parse(message?.body ?? '')).toEqual({
      version: '1.0',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      requestContext: {
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        functionArn: `${arn}:$LATEST`,
        condition: 'RetriesExhausted',
        approximateInvokeCount: 2,
      },
      requestPayload: { id: 7 },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: 'Error', errorMessage: 'no', trace: expect.any(Array) },
    });
  });

  it('goes as it is to the dead-letter queue of the function, with what was wrong', async () => {
    const { sqs, add } = start();
    const deadLetterArn = sqs.createQueue('dead').arn;
    const arn = add('f', failing, { deadLetterArn });

    const message = await messageAfter(arn, { id: 8 }, deadLetterArn);

    expect(message).toMatchObject({
      body: '{"id":8}',
      attributes: {
        RequestID: { DataType: 'String', StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: 'no' },
      },
    });
  });

  it('is given up without a try when it is too old, or nothing is reserved for its function', async () => {
    let now = Date.now();
    const { lambda, sqs, add } = start({ now: () => now });
    const onFailureArn = sqs.createQueue('failed').arn;
    const throttled = add('throttled', failing);
    lambda.configureAsync(throttled, { maximumEventAgeSeconds: 60, onFailureArn });
    lambda.faults.beforeInvoke = () => {
      now += 61_000;
      return 'throttle';
    };
    const old = await messageAfter(throttled, {}, onFailureArn);
    expect(JSON.parse(old?.body ?? '').requestContext).toMatchObject({
      condition: 'EventAgeExceeded',
      approximateInvokeCount: 0,
    });

    const off = add('off', failing, { reservedConcurrency: 0 });
    lambda.configureAsync(off, { onFailureArn });
    const none = await messageAfter(off, {}, onFailureArn);
    expect(JSON.parse(none?.body ?? '').requestContext.condition).toBe('ZeroReservedConcurrency');
  });

  it('counts no throttled try', async () => {
    const { lambda, sqs, add } = start();
    const onSuccessArn = sqs.createQueue('done').arn;
    const arn = add('f', failing);
    lambda.configureAsync(arn, { maximumRetryAttempts: 0, onSuccessArn });
    let throttles = 3;
    lambda.faults.beforeInvoke = () => (throttles-- > 0 ? 'throttle' : undefined);
    const message = await messageAfter(arn, { ok: true }, onSuccessArn);
    expect(JSON.parse(message?.body ?? '').requestContext.approximateInvokeCount).toBe(1);
  });
});

describe('an asynchronous event that a function did', () => {
  it('is told of to the destination for successes: a bus, a function or a bucket', async () => {
    const put: [string, ServiceEvent][] = [];
    const { lambda, s3, sqs, add } = start({ buses: { put: (arn, event) => put.push([arn, event]) } });
    const onSuccessArn = sqs.createQueue('told').arn;
    const first = add('first', failing);
    const second = add('second', 'export const handler = async (event) => event.responsePayload;');
    lambda.configureAsync(first, { onSuccessArn: second });
    lambda.configureAsync(second, { onSuccessArn });
    const message = await messageAfter(first, { ok: true }, onSuccessArn);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ responsePayload: { done: true } });

    lambda.configureAsync(first, { onSuccessArn: bus });
    lambda.invokeLater(first, '{"ok":true}');
    await eventually(() => put).toEqual([
      [
        bus,
        {
          source: 'lambda',
          detailType: 'Lambda Function Invocation Result - Success',
          resources: [`${first}:$LATEST`, bus],
          detail: expect.objectContaining({ responsePayload: { done: true } }),
        },
      ],
    ]);

    lambda.configureAsync(first, { onSuccessArn: 'arn:aws:s3:::failures' });
    lambda.invokeLater(first, '{"ok":true}');
    const listing = () =>
      String(s3.handle({ method: 'GET', url: '/failures?list-type=2', headers: {}, body: Buffer.of() }).body);
    await eventually(listing).toMatch(
      /<Key>aws\/lambda\/async\/first\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-/,
    );
  });

  it('is lost to a destination that takes nothing, and said so', async () => {
    const heard: string[] = [];
    const { lambda, add } = start({ log: (message) => heard.push(message) });
    const arn = add('f', failing);
    lambda.configureAsync(arn, { onSuccessArn: bus });
    lambda.invokeLater(arn, '{"ok":true}');
    await eventually(() => heard).toEqual([expect.stringContaining(`did not reach ${bus} and is lost`)]);
  });
});

describe('a configuration', () => {
  it.each([
    [{ maximumRetryAttempts: 3 }, 'MaximumRetryAttempts is 3'],
    [{ maximumEventAgeSeconds: 59 }, 'MaximumEventAgeInSeconds is 59'],
    [
      { onFailureArn: 'arn:aws:sns:eu-central-1:000000000000:t' },
      'name a queue, a bus, a function or a bucket',
    ],
  ])('%j is refused', (config, message) => {
    const { lambda, add } = start();
    const arn = add('f', failing);
    expect(() => lambda.configureAsync(arn, config)).toThrow(message);
  });

  it('with a destination that the role may not write is refused at start', () => {
    const { lambda, sqs, add } = start({
      demand: () => {
        throw new AwsError('AccessDenied', 'not you', 403);
      },
    });
    lambda.configureAsync(add('f', failing), { onFailureArn: sqs.createQueue('failed').arn });
    expect(() => lambda.start()).toThrow('does not have permissions to call sqs:SendMessage');
  });

  it('of a function that there is not is refused, and so is an event for it', () => {
    const { lambda } = start();
    const arn = 'arn:aws:lambda:eu-central-1:000000000000:function:none';
    expect(() => lambda.configureAsync(arn, {})).toThrow('Function not found');
    expect(() => lambda.invokeLater(arn, '{}')).toThrow('Function not found');
  });
});
