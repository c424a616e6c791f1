import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError, type Caller } from '../aws.ts';
import { openStore, type Store } from '../store.ts';
import { createSqs, type Sqs } from './sqs.ts';

const caller: Caller = {
  accessKeyId: 'AKIDTEST',
  arn: 'arn:aws:iam::000000000000:user/admin',
  accountId: '000000000000',
};
const QueueUrl = 'http://127.0.0.1:4001/000000000000/work';

let store: Store;
let sqs: Sqs;

beforeEach(() => {
  store = openStore();
  sqs = createSqs({
    store,
    place: { region: 'eu-central-1', accountId: '000000000000' },
    endpoint: 'http://127.0.0.1:4001',
  });
  call('CreateQueue', { QueueName: 'work' });
});

afterEach(() => {
  sqs.close();
  store.close();
});

interface Answer {
  readonly Messages?: {
    Body: string;
    ReceiptHandle: string;
    Attributes?: object;
    MessageAttributes?: object;
  }[];
  readonly Successful?: { Id: string }[];
  readonly Failed?: { Id: string; Code: string }[];
  readonly Attributes?: Record<string, string>;
  readonly [name: string]: unknown;
}

function call(action: string, input: Record<string, unknown>): Answer {
  return sqs.call(action, input, caller) as Answer;
}

function codeOf(action: string, input: Record<string, unknown>): string {
  try {
    call(action, input);
  } catch (error) {
    if (error instanceof AwsError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('SendMessage', () => {
  it('answers the id and the MD5 sums that SDKs check', () => {
    const answer = call('SendMessage', {
      QueueUrl,
      MessageBody: 'Grüße',
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' } },
    });
    expect(answer.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.MD5OfMessageBody).toBe(createHash('md5').update('Grüße').digest('hex'));
    const encoded = Buffer.from('\0\0\0\x04kind\0\0\0\x06String\x01\0\0\0\x01x', 'latin1');
    expect(answer.MD5OfMessageAttributes).toBe(createHash('md5').update(encoded).digest('hex'));
  });

  it.each([
    ['a queue that does not exist', { QueueUrl: `${QueueUrl}-2`, MessageBody: 'a' }, 'QueueDoesNotExist'],
    ['no body', { QueueUrl }, 'MissingParameter'],
    ['an empty body', { QueueUrl, MessageBody: '' }, 'MissingParameter'],
    ['a control character', { QueueUrl, MessageBody: 'a\u0001' }, 'InvalidMessageContents'],
    ['more than 1 MiB', { QueueUrl, MessageBody: 'ü'.repeat(524_289) }, 'InvalidParameterValue'],
    [
      'a delay that is no number',
      { QueueUrl, MessageBody: 'a', DelaySeconds: { toString: 1 } },
      'InvalidParameterValue',
    ],
    ['a delay above 900 seconds', { QueueUrl, MessageBody: 'a', DelaySeconds: 901 }, 'InvalidParameterValue'],
    [
      'an attribute of an unknown type',
      { QueueUrl, MessageBody: 'a', MessageAttributes: { a: { DataType: 'Bool', StringValue: 'x' } } },
      'InvalidParameterValue',
    ],
  ])('refuses %s', (_, input, code) => {
    expect(codeOf('SendMessage', input)).toBe(code);
  });

  it('takes tabs, line breaks, emoji and exactly 1 MiB', () => {
    expect(codeOf('SendMessage', { QueueUrl, MessageBody: '\t\n\r😀' })).toBe('no error');
    expect(codeOf('SendMessage', { QueueUrl, MessageBody: 'a'.repeat(1_048_576) })).toBe('no error');
  });
});

describe('ReceiveMessage', () => {
  it('shows attributes only when asked for', () => {
    call('SendMessage', {
      QueueUrl,
      MessageBody: 'a',
      MessageAttributes: {
        'my.kind': { DataType: 'String', StringValue: 'x' },
        data: { DataType: 'Binary', BinaryValue: 'AQI=' },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
    const read = (more: object) =>
      call('ReceiveMessage', { QueueUrl, VisibilityTimeout: 0, ...more }).Messages?.[0];
    expect(read({})).toEqual({
      Body: 'a',
      MD5OfBody: expect.any(String),
      MessageId: expect.any(String),
      ReceiptHandle: expect.any(String),
    });
    expect(read({ MessageAttributeNames: ['my.*'] })?.MessageAttributes).toEqual({
      'my.kind': { DataType: 'String', StringValue: 'x' },
    });
    const all = read({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(all?.Attributes).toMatchObject({
      ApproximateReceiveCount: '3',
      SenderId: 'AKIDTEST',
      AWSTraceHeader: 'Root=1',
    });
    expect(Object.keys(all?.MessageAttributes ?? {}).sort()).toEqual(['data', 'my.kind']);
  });

  it('refuses more than 10 messages at once', () => {
    expect(codeOf('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 11 })).toBe('InvalidParameterValue');
  });

  it('waits for a message that is sent while it polls', async () => {
    const polling = sqs.call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 5 }, caller) as Promise<Answer>;
    await sleep(5);
    call('SendMessage', { QueueUrl, MessageBody: 'late' });
    expect((await polling).Messages).toMatchObject([{ Body: 'late' }]);
  });

  it('answers without messages when the wait is over', async () => {
    const start = performance.now();
    expect(await sqs.call('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 1 }, caller)).toEqual({});
    expect(performance.now() - start).toBeGreaterThan(900);
  });
});

describe('settling messages', () => {
  const sendAndTake = () => {
    call('SendMessage', { QueueUrl, MessageBody: 'a' });
    return call('ReceiveMessage', { QueueUrl }).Messages?.[0]?.ReceiptHandle ?? '';
  };

  it('deletes by receipt handle, twice without an error', () => {
    const ReceiptHandle = sendAndTake();
    expect(call('DeleteMessage', { QueueUrl, ReceiptHandle })).toEqual({});
    expect(call('DeleteMessage', { QueueUrl, ReceiptHandle })).toEqual({});
    expect(call('ReceiveMessage', { QueueUrl })).toEqual({});
  });

  it('refuses a handle that is none', () => {
    expect(codeOf('DeleteMessage', { QueueUrl, ReceiptHandle: 'x' })).toBe('ReceiptHandleIsInvalid');
  });

  it('changes the visibility of a message in flight only', () => {
    const ReceiptHandle = sendAndTake();
    expect(call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 })).toEqual({});
    expect(codeOf('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 5 })).toBe(
      'MessageNotInflight',
    );
  });
});

describe('batches', () => {
  it('answer each entry by its id, the failed ones with a code', () => {
    const answer = call('SendMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: 'a' },
        { Id: 'bad', MessageBody: '\u0000' },
      ],
    });
    expect(answer.Successful).toMatchObject([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }]);

    const handle = call('ReceiveMessage', { QueueUrl }).Messages?.[0]?.ReceiptHandle;
    const deleted = call('DeleteMessageBatch', {
      QueueUrl,
      Entries: [
        { Id: '1', ReceiptHandle: handle },
        { Id: '2', ReceiptHandle: '?' },
      ],
    });
    expect(deleted.Successful).toEqual([{ Id: '1' }]);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid' }]);
  });

  it.each([
    ['no entries', [], 'EmptyBatchRequest'],
    [
      '11 entries',
      Array.from({ length: 11 }, (_, id) => ({ Id: `${id}`, MessageBody: 'a' })),
      'TooManyEntriesInBatchRequest',
    ],
    [
      'an id twice',
      [
        { Id: 'a', MessageBody: 'a' },
        { Id: 'a', MessageBody: 'a' },
      ],
      'BatchEntryIdsNotDistinct',
    ],
    ['an id with a space', [{ Id: 'a b', MessageBody: 'a' }], 'InvalidBatchEntryId'],
    [
      'over 1 MiB together',
      [1, 2].map((Id) => ({ Id: `${Id}`, MessageBody: 'a'.repeat(600_000) })),
      'BatchRequestTooLong',
    ],
  ])('refuse %s', (_, Entries, code) => {
    expect(codeOf('SendMessageBatch', { QueueUrl, Entries })).toBe(code);
  });
});

describe('queues', () => {
  it('count what is visible, in flight and delayed', () => {
    for (const MessageBody of ['a', 'b', 'c']) call('SendMessage', { QueueUrl, MessageBody });
    call('SendMessage', { QueueUrl, MessageBody: 'd', DelaySeconds: 60 });
    call('ReceiveMessage', { QueueUrl });
    expect(call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }).Attributes).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      QueueArn: 'arn:aws:sqs:eu-central-1:000000000000:work',
      VisibilityTimeout: '30',
    });
    expect(call('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] }).Attributes).toEqual({
      QueueArn: 'arn:aws:sqs:eu-central-1:000000000000:work',
    });
    expect(codeOf('GetQueueAttributes', { QueueUrl, AttributeNames: ['Color'] })).toBe(
      'InvalidAttributeName',
    );
  });

  it('are made once: again with the same attributes is no error, with others it is', () => {
    expect(call('CreateQueue', { QueueName: 'work' })).toEqual({ QueueUrl });
    expect(codeOf('CreateQueue', { QueueName: 'work', Attributes: { VisibilityTimeout: '31' } })).toBe(
      'QueueNameExists',
    );
    expect(codeOf('CreateQueue', { QueueName: 'no spaces' })).toBe('InvalidParameterValue');
    expect(codeOf('CreateQueue', { QueueName: 'a.fifo', Attributes: { FifoQueue: 'true' } })).toBe(
      'InvalidParameterValue',
    );
    expect(codeOf('CreateQueue', { QueueName: 'a', Attributes: { VisibilityTimeout: '-1' } })).toBe(
      'InvalidAttributeValue',
    );
    expect(codeOf('CreateQueue', { QueueName: 'a', Attributes: { RedrivePolicy: '{}' } })).toBe(
      'InvalidAttributeValue',
    );
  });

  it('are found by name and listed by prefix', () => {
    call('CreateQueue', { QueueName: 'other' });
    expect(call('GetQueueUrl', { QueueName: 'work' })).toEqual({ QueueUrl });
    expect(codeOf('GetQueueUrl', { QueueName: 'nothing' })).toBe('QueueDoesNotExist');
    expect(call('ListQueues', { QueueNamePrefix: 'wo' })).toEqual({ QueueUrls: [QueueUrl] });
    expect(call('ListQueues', {}).QueueUrls).toHaveLength(2);
  });

  it('change, are purged and deleted', () => {
    call('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: '5' } });
    expect(
      call('GetQueueAttributes', { QueueUrl, AttributeNames: ['VisibilityTimeout'] }).Attributes,
    ).toEqual({
      VisibilityTimeout: '5',
    });
    call('SendMessage', { QueueUrl, MessageBody: 'a' });
    call('PurgeQueue', { QueueUrl });
    expect(call('ReceiveMessage', { QueueUrl })).toEqual({});
    call('DeleteQueue', { QueueUrl });
    expect(codeOf('ReceiveMessage', { QueueUrl })).toBe('QueueDoesNotExist');
  });

  it('answer an action that is not run here by its name', () => {
    expect(() => call('AddPermission', {})).toThrow('AddPermission');
    expect(() => call('constructor', {})).toThrow('constructor');
  });
});
