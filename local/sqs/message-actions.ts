import type { Caller } from '../aws.ts';
import { AwsError } from '../aws.ts';
import {
  type Action,
  attributesSize,
  batchEntries,
  type Input,
  messageAttributes,
  optionalInteger,
  requiredInteger,
  requiredString,
  strings,
} from './input.ts';
import { md5OfAttributes, md5OfBody } from './md5.ts';
import type { Message, SendOptions } from './message.ts';
import type { Messages } from './messages.ts';
import type { Queue } from './queues.ts';
import type { Wakeups } from './wakeups.ts';
import { wireMessage } from './wire.ts';

export interface MessageActionsOptions {
  readonly queueOf: (input: Input) => Queue;
  readonly messages: Messages;
  readonly wakeups: Wakeups;
  readonly send: (queue: Queue, body: string, options: SendOptions) => string;
  readonly receive: (queue: Queue, max: number, visibilitySeconds?: number) => Message[];
  readonly release: (
    queue: Queue,
    receiptHandle: string,
    delaySeconds: number,
  ) => 'done' | 'not in flight' | 'invalid';
}

/** Characters outside of XML 1.0, which SQS refuses in a body. */
const forbidden = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** The actions that send, receive and settle messages, by name; inputs and outputs as in the API reference of SQS. */
export function messageActions(options: MessageActionsOptions): Record<string, Action> {
  const { queueOf, messages, wakeups, send, receive, release } = options;

  function sendMessage(queue: Queue, input: Input, caller: Caller): object {
    const body = requiredString(input, 'MessageBody');
    const attributes = messageAttributes(input, 'MessageAttributes');
    const system = messageAttributes(input, 'MessageSystemAttributes');
    const delaySeconds = optionalInteger(input, 'DelaySeconds', 0, 900);
    const size = messageSize(body, attributes);
    if (body === '')
      throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
    if (size > queue.settings.maximumMessageSize) {
      throw new AwsError(
        'InvalidParameterValue',
        `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.maximumMessageSize} bytes.`,
      );
    }
    if (forbidden.test(body)) {
      throw new AwsError(
        'InvalidMessageContents',
        'The message contains characters outside the allowed set.',
      );
    }
    const traceHeader = system.AWSTraceHeader?.StringValue;
    const messageId = send(queue, body, {
      attributes,
      senderId: caller.accessKeyId,
      ...(delaySeconds !== undefined && { delaySeconds }),
      ...(traceHeader !== undefined && { traceHeader }),
    });
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5OfBody(body),
      ...(Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
      ...(Object.keys(system).length > 0 && { MD5OfMessageSystemAttributes: md5OfAttributes(system) }),
    };
  }

  async function longPoll(queue: Queue, poll: () => Message[], waitSeconds: number): Promise<Message[]> {
    const signal = AbortSignal.timeout(waitSeconds * 1000);
    const { promise, resolve } = Promise.withResolvers<Message[]>();
    const attempt = () => {
      const found = poll();
      if (found.length > 0) resolve(found);
    };
    const stop = wakeups.listen(queue.id, attempt);
    signal.addEventListener('abort', () => resolve([]));
    try {
      return await promise;
    } finally {
      stop();
    }
  }

  function receiveMessage(input: Input): unknown {
    const queue = queueOf(input);
    const max = optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1;
    const visibility = optionalInteger(input, 'VisibilityTimeout', 0, 43_200);
    const wait = optionalInteger(input, 'WaitTimeSeconds', 0, 20) ?? queue.settings.waitSeconds;
    const system = [...strings(input, 'AttributeNames'), ...strings(input, 'MessageSystemAttributeNames')];
    const names = strings(input, 'MessageAttributeNames');
    const answer = (found: Message[]) =>
      found.length > 0 ? { Messages: found.map((message) => wireMessage(message, system, names)) } : {};
    const poll = () => receive(queue, max, visibility);
    const found = poll();
    return found.length > 0 || wait === 0 ? answer(found) : longPoll(queue, poll, wait).then(answer);
  }

  function deleteMessage(queue: Queue, input: Input): object {
    const handle = requiredString(input, 'ReceiptHandle');
    if (!messages.remove(queue, handle)) throw invalidHandle(handle);
    return {};
  }

  function changeVisibility(queue: Queue, input: Input): object {
    const handle = requiredString(input, 'ReceiptHandle');
    const seconds = requiredInteger(input, 'VisibilityTimeout', 0, 43_200);
    const done = release(queue, handle, seconds);
    if (done === 'invalid') throw invalidHandle(handle);
    if (done === 'not in flight') {
      throw new AwsError(
        'MessageNotInflight',
        `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    return {};
  }

  function batch(input: Input, one: (entry: Input) => object): object {
    const successful: object[] = [];
    const failed: object[] = [];
    for (const entry of batchEntries(input)) {
      try {
        successful.push({ Id: entry.Id, ...one(entry) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
      }
    }
    return { Successful: successful, Failed: failed };
  }

  function checkBatchSize(input: Input): void {
    let size = 0;
    for (const entry of batchEntries(input)) {
      const body = typeof entry.MessageBody === 'string' ? entry.MessageBody : '';
      size += messageSize(body, messageAttributes(entry, 'MessageAttributes'));
    }
    if (size <= 1_048_576) return;
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than 1048576 bytes. You have sent ${size} bytes.`,
    );
  }

  return {
    SendMessage: (input, caller) => sendMessage(queueOf(input), input, caller),
    SendMessageBatch(input, caller) {
      const queue = queueOf(input);
      checkBatchSize(input);
      return batch(input, (entry) => sendMessage(queue, entry, caller));
    },
    ReceiveMessage: receiveMessage,
    DeleteMessage: (input) => deleteMessage(queueOf(input), input),
    DeleteMessageBatch(input) {
      const queue = queueOf(input);
      return batch(input, (entry) => deleteMessage(queue, entry));
    },
    ChangeMessageVisibility: (input) => changeVisibility(queueOf(input), input),
    ChangeMessageVisibilityBatch(input) {
      const queue = queueOf(input);
      return batch(input, (entry) => changeVisibility(queue, entry));
    },
  };
}

function messageSize(body: string, attributes: SendOptions['attributes'] = {}): number {
  return Buffer.byteLength(body) + attributesSize(attributes);
}

function invalidHandle(handle: string): AwsError {
  return new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}
