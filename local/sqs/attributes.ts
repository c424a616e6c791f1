import { AwsError } from '../aws.ts';

/** What a queue was told to be; limits from the API reference of `SetQueueAttributes`. */
export interface QueueSettings {
  readonly delaySeconds: number;
  readonly maximumMessageSize: number;
  readonly retentionSeconds: number;
  readonly waitSeconds: number;
  readonly visibilitySeconds: number;
  readonly redrive: Redrive | undefined;
}

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const numbers: Readonly<Record<string, readonly [min: number, max: number, byDefault: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};

/** Kept and shown, without an effect here: who may call is decided by the gateway, and nothing is encrypted locally. */
const kept = new Set([
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

/** Checks queue attributes given as strings. Throws `InvalidAttributeName` or `InvalidAttributeValue`. */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value !== 'string') throw invalidValue(name, JSON.stringify(value));
    if (name === 'RedrivePolicy') parseRedrive(value);
    else if (name === 'FifoQueue') {
      if (value !== 'false') throw new AwsError('UnsupportedOperation', 'FIFO queues are not run here.');
    } else if (name in numbers) checkNumber(name, value);
    else if (!kept.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
}

function checkNumber(name: string, value: string): void {
  const [min, max] = numbers[name] ?? [0, 0];
  const given = Number(value);
  if (!/^\d+$/.test(value) || given < min || given > max) throw invalidValue(name, value);
}

function invalidValue(name: string, value: string): AwsError {
  return new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}. Value ${value} is not allowed.`,
  );
}

function parseRedrive(text: string): Redrive | undefined {
  if (text === '') return undefined;
  let policy: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidValue('RedrivePolicy', text);
  }
  const { deadLetterTargetArn } = policy;
  const maxReceiveCount = Number(policy.maxReceiveCount);
  const counts = Number.isInteger(maxReceiveCount) && maxReceiveCount >= 1 && maxReceiveCount <= 1000;
  if (typeof deadLetterTargetArn !== 'string' || !counts) throw invalidValue('RedrivePolicy', text);
  return { deadLetterTargetArn, maxReceiveCount };
}

/** The settings that `attributes` give, with the defaults of AWS for what they leave out. */
export function settingsOf(attributes: Readonly<Record<string, string>>): QueueSettings {
  const number = (name: string) => Number(attributes[name] ?? numbers[name]?.[2]);
  return {
    delaySeconds: number('DelaySeconds'),
    maximumMessageSize: number('MaximumMessageSize'),
    retentionSeconds: number('MessageRetentionPeriod'),
    waitSeconds: number('ReceiveMessageWaitTimeSeconds'),
    visibilitySeconds: number('VisibilityTimeout'),
    redrive: parseRedrive(attributes.RedrivePolicy ?? ''),
  };
}

/** All attributes that a queue shows of its settings. */
export function shownAttributes(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, [, , byDefault]] of Object.entries(numbers)) shown[name] = String(byDefault);
  Object.assign(shown, { SqsManagedSseEnabled: 'true' }, attributes);
  if (shown.RedrivePolicy === '') delete shown.RedrivePolicy;
  return shown;
}
