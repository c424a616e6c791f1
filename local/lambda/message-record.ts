import { md5OfAttributes, md5OfBody } from '../sqs/md5.ts';
import type { Message, MessageAttributes } from '../sqs/message.ts';
import { systemAttributes } from '../sqs/wire.ts';

/** A message as a function gets it (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
export interface MessageRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: object;
  readonly messageAttributes: object;
  readonly md5OfMessageAttributes?: string;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

/** The record of a message that was received from a queue. */
export function messageRecord(message: Message, queueArn: string, region: string): MessageRecord {
  return {
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: systemAttributes(message),
    messageAttributes: message.attributes ? attributes(message.attributes) : {},
    ...(message.attributes && { md5OfMessageAttributes: md5OfAttributes(message.attributes) }),
    md5OfBody: md5OfBody(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function attributes(given: MessageAttributes): object {
  const entries = Object.entries(given).map(([name, { DataType, StringValue, BinaryValue }]) => [
    name,
    {
      ...(StringValue !== undefined && { stringValue: StringValue }),
      ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: DataType,
    },
  ]);
  return Object.fromEntries(entries);
}
