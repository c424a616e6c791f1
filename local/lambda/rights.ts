import { AwsError } from '../aws.ts';
import type { FunctionDefinition } from './function.ts';
import type { Buckets, Queues } from './sources.ts';

/** Asks for a right of a function's role; throws an `AwsError` when the role has not got it. */
export type Demand = (definition: FunctionDefinition, action: string, resource: string) => void;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const QUEUE_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];
/** https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html */
const STREAM_ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'];

export function isDenial(error: unknown): error is AwsError {
  return error instanceof AwsError && /^AccessDenied/.test(error.code);
}

function refuse(message: string, error: unknown): never {
  if (!isDenial(error)) throw error;
  throw new AwsError('InvalidParameterValueException', `${message} ${error.message}`);
}

/** Lambda makes no mapping that its function's role could not read. @throws {AwsError} as Lambda does */
export function demandQueue(demand: Demand, definition: FunctionDefinition, queueArn: string): void {
  for (const action of QUEUE_ACTIONS) {
    try {
      demand(definition, `sqs:${action}`, queueArn);
    } catch (error) {
      refuse(`The function execution role does not have permissions to call ${action} on SQS.`, error);
    }
  }
}

/**
 * Lambda makes no mapping whose messages would come again while the function still runs, and none that needs more
 * concurrency than is reserved (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 *
 * @throws {AwsError} as Lambda does
 */
export function checkQueueMapping(
  { timeoutSeconds, reservedConcurrency }: FunctionDefinition,
  visibilitySeconds: number,
  maximumConcurrency: number | undefined,
): void {
  if (visibilitySeconds < timeoutSeconds) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${timeoutSeconds} seconds`,
    );
  }
  if (reservedConcurrency !== undefined && (maximumConcurrency ?? 0) > reservedConcurrency) {
    throw new AwsError(
      'InvalidParameterValueException',
      `MaximumConcurrency ${maximumConcurrency} is more than the reserved concurrency ${reservedConcurrency} of the function.`,
    );
  }
}

/** As `demandQueue`, for a stream. */
export function demandStream(demand: Demand, definition: FunctionDefinition, streamArn: string): void {
  try {
    for (const action of STREAM_ACTIONS) demand(definition, `dynamodb:${action}`, streamArn);
  } catch (error) {
    refuse(
      `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
      error,
    );
  }
}

/**
 * Where a mapping's given up batches go, written with the function's role
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
 */
export function destinationsOf(
  demand: Demand,
  definition: FunctionDefinition,
  { queues, buckets }: { readonly queues: Queues; readonly buckets: Buckets },
): { readonly queues: Queues; readonly buckets: Buckets } {
  return {
    queues: {
      ...queues,
      send(queueArn, body, options) {
        demand(definition, 'sqs:SendMessage', queueArn);
        queues.send(queueArn, body, options);
      },
    },
    buckets: {
      put(bucket, key, body, contentType) {
        demand(definition, 's3:ListBucket', `arn:aws:s3:::${bucket}`);
        demand(definition, 's3:PutObject', `arn:aws:s3:::${bucket}/${key}`);
        buckets.put(bucket, key, body, contentType);
      },
    },
  };
}
