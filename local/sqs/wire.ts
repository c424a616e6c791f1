import { md5OfAttributes, md5OfBody } from './md5.ts';
import type { Message, MessageAttributes } from './message.ts';

/** The system attributes of a received message, as strings, under their names in the API. */
export function systemAttributes(message: Message): Record<string, string> {
  return {
    ApproximateReceiveCount: String(message.receiveCount),
    SentTimestamp: String(message.sentAt),
    SenderId: message.senderId,
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
  };
}

/** A message as `ReceiveMessage` answers it, with the attributes that were asked for. */
export function wireMessage(message: Message, system: readonly string[], names: readonly string[]): object {
  const attributes = pick(
    systemAttributes(message),
    (name) => system.includes('All') || system.includes(name),
  );
  const own = pick(message.attributes ?? {}, (name) => names.some((asked) => covers(asked, name)));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: md5OfBody(message.body),
    Body: message.body,
    ...(attributes && { Attributes: attributes }),
    ...(own && { MessageAttributes: own, MD5OfMessageAttributes: md5OfAttributes(own as MessageAttributes) }),
  };
}

function covers(asked: string, name: string): boolean {
  if (asked === 'All' || asked === '.*') return true;
  return asked.endsWith('.*') ? name.startsWith(asked.slice(0, -1)) : asked === name;
}

function pick<T>(
  from: Readonly<Record<string, T>>,
  wanted: (name: string) => boolean,
): Record<string, T> | undefined {
  const entries = Object.entries(from).filter(([name]) => wanted(name));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
