import { AwsError } from '../aws.ts';

/** How a function's asynchronous events are tried, and where what became of them is told; defaults are Lambda's. */
export interface AsyncConfig {
  /** 0 to 2; default: 2. */
  readonly maximumRetryAttempts?: number;
  /** 60 to 21,600, which is the default. */
  readonly maximumEventAgeSeconds?: number;
  /** Of a queue, a bus, a function or a bucket. */
  readonly onSuccessArn?: string;
  readonly onFailureArn?: string;
}

/** What holds for the events of one function. */
export interface AsyncSettings extends AsyncConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
  /** The queue of the function's `DeadLetterConfig`. */
  readonly deadLetterArn?: string;
  /** Its reserved concurrency is 0: nothing is tried. */
  readonly isOff: boolean;
}

/** Services that destinations may be of; a topic is known and not run here. */
const DESTINATIONS = /^arn:aws:(sqs|events|lambda|s3):/;

function check(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalid(`${name} is ${value}: give a whole number from ${least} to ${most}.`);
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

/**
 * A configuration with its defaults
 * (https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html).
 *
 * @throws AwsError `InvalidParameterValueException`
 */
export function asyncSettings(
  config: AsyncConfig,
  { deadLetterArn, reservedConcurrency }: { deadLetterArn?: string; reservedConcurrency?: number },
): AsyncSettings {
  const { maximumRetryAttempts = 2, maximumEventAgeSeconds = 21_600 } = config;
  for (const arn of [config.onSuccessArn, config.onFailureArn]) {
    if (arn === undefined || DESTINATIONS.test(arn)) continue;
    throw invalid(`The destination ${arn} does not run here: name a queue, a bus, a function or a bucket.`);
  }
  if (deadLetterArn !== undefined && !deadLetterArn.startsWith('arn:aws:sqs:')) {
    throw invalid(`The dead-letter target ${deadLetterArn} does not run here: name a queue.`);
  }
  return {
    ...config,
    maximumRetryAttempts: check('MaximumRetryAttempts', maximumRetryAttempts, 0, 2),
    maximumEventAgeSeconds: check('MaximumEventAgeInSeconds', maximumEventAgeSeconds, 60, 21_600),
    ...(deadLetterArn !== undefined && { deadLetterArn }),
    isOff: reservedConcurrency === 0,
  };
}
