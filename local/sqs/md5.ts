import { hash } from 'node:crypto';
import type { MessageAttributes } from './message.ts';

/** MD5 of a body as SDKs compare it: of its UTF-8 bytes, in lower-case hex. */
export function md5OfBody(body: string): string {
  return hash('md5', body, 'hex');
}

/**
 * MD5 of message attributes: by name, each as length-prefixed name, type and value, with one byte for string or binary
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html).
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const parts: Uint8Array[] = [];
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes).sort(byName)) {
    parts.push(...prefixed(Buffer.from(name)), ...prefixed(Buffer.from(DataType)));
    if (BinaryValue !== undefined) parts.push(Buffer.of(2), ...prefixed(Buffer.from(BinaryValue, 'base64')));
    else parts.push(Buffer.of(1), ...prefixed(Buffer.from(StringValue ?? '')));
  }
  return hash('md5', Buffer.concat(parts), 'hex');
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function prefixed(bytes: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}
