/** A user's attribute of a message; `BinaryValue` is base64, as on the wire. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender may say beside the body. Times are milliseconds since 1970. */
export interface SendOptions {
  /** 0 to 900; default: the queue's `DelaySeconds`. */
  readonly delaySeconds?: number;
  readonly attributes?: MessageAttributes;
  readonly traceHeader?: string;
  readonly senderId?: string;
}

/** A message in the hands of a receiver. Times are milliseconds since 1970. */
export interface Message {
  readonly messageId: string;
  /** Names this one receipt: a later receipt of the same message makes it void. */
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: MessageAttributes | undefined;
  readonly traceHeader: string | undefined;
  readonly senderId: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receiveCount: number;
  /** ARN of the queue that the redrive policy took it from. */
  readonly deadLetterSource: string | undefined;
}

/** The parts of a receipt handle. */
export interface Receipt {
  readonly seq: number;
  readonly receiveCount: number;
  readonly messageId: string;
}

export function encodeReceipt(seq: number, receiveCount: number, messageId: string): string {
  return Buffer.from(`${seq}:${receiveCount}:${messageId}`, 'latin1').toString('base64url');
}

/** The parts of `handle`, or undefined when no queue of ours made it. */
export function decodeReceipt(handle: string): Receipt | undefined {
  const match = /^(\d{1,15}):(\d{1,9}):([0-9a-f-]{36})$/.exec(
    Buffer.from(handle, 'base64url').toString('latin1'),
  );
  if (!match) return undefined;
  return { seq: Number(match[1]), receiveCount: Number(match[2]), messageId: match[3] as string };
}
