import type { Lambda } from '../../lambda/lambda.ts';
import type { QueueMappingDefinition } from '../../lambda/queue-mapping.ts';
import type { StreamMappingDefinition } from '../../lambda/stream-mapping.ts';
import type { Properties } from '../deploy.ts';
import { given, optionalNumber } from './lambda-properties.ts';

type Sources = Pick<Lambda, 'mapStream' | 'mapQueue'>;

/**
 * What numbers Lambda takes, by property
 * (https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html).
 */
const BOUNDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  BatchSize: [1, 10_000],
  MaximumBatchingWindowInSeconds: [0, 300],
  MaximumRetryAttempts: [-1, 10_000],
  MaximumRecordAgeInSeconds: [60, 604_800],
  ParallelizationFactor: [1, 10],
  MaximumConcurrency: [2, 1000],
};
/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html */
const MAX_FILTERS = 10;
/** Batches of a queue that are larger need a window (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). */
const MAX_BATCH_WITHOUT_WINDOW = 10;

function number(name: string, value: unknown): number | undefined {
  const parsed = optionalNumber(value);
  const [least = 0, most = 0] = BOUNDS[name] ?? [];
  const isEndless = name === 'MaximumRecordAgeInSeconds' && parsed === -1;
  if (parsed === undefined || isEndless) return parsed;
  if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
  throw new Error(`${name} is ${String(value)}: give a whole number from ${least} to ${most}`);
}

function filtersOf({ FilterCriteria }: Properties): string[] | undefined {
  const { Filters = [] } = (FilterCriteria ?? {}) as { Filters?: { Pattern: string }[] };
  if (Filters.length > MAX_FILTERS) {
    throw new Error(`FilterCriteria has ${Filters.length} filters: give at most ${MAX_FILTERS}`);
  }
  return Filters.length > 0 ? Filters.map(({ Pattern }) => Pattern) : undefined;
}

function batchingOf(properties: Properties) {
  const responses = (properties.FunctionResponseTypes ?? []) as string[];
  const unknown = responses.find((type) => type !== 'ReportBatchItemFailures');
  if (unknown !== undefined) {
    throw new Error(`FunctionResponseTypes has ${unknown}: only ReportBatchItemFailures is one`);
  }
  return given({
    batchSize: number('BatchSize', properties.BatchSize),
    batchingWindowSeconds: number(
      'MaximumBatchingWindowInSeconds',
      properties.MaximumBatchingWindowInSeconds,
    ),
    reportBatchItemFailures: responses.includes('ReportBatchItemFailures'),
    filterPatterns: filtersOf(properties),
  });
}

function streamMapping(
  functionArn: string,
  streamArn: string,
  properties: Properties,
): StreamMappingDefinition {
  const { OnFailure } = (properties.DestinationConfig ?? {}) as { OnFailure?: { Destination: string } };
  const startingPosition = properties.StartingPosition;
  if (startingPosition !== 'TRIM_HORIZON' && startingPosition !== 'LATEST') {
    throw new Error(
      `StartingPosition ${String(startingPosition)} does not run here: use TRIM_HORIZON or LATEST`,
    );
  }
  return {
    functionArn,
    streamArn,
    startingPosition,
    ...batchingOf(properties),
    ...given({
      bisectOnError: properties.BisectBatchOnFunctionError as boolean | undefined,
      maximumRetryAttempts: number('MaximumRetryAttempts', properties.MaximumRetryAttempts),
      maximumRecordAgeSeconds: number('MaximumRecordAgeInSeconds', properties.MaximumRecordAgeInSeconds),
      parallelizationFactor: number('ParallelizationFactor', properties.ParallelizationFactor),
      onFailureArn: OnFailure?.Destination,
    }),
  };
}

function queueMapping(functionArn: string, queueArn: string, properties: Properties): QueueMappingDefinition {
  const { MaximumConcurrency } = (properties.ScalingConfig ?? {}) as { MaximumConcurrency?: number };
  const batching = batchingOf(properties);
  const { batchSize = 0, batchingWindowSeconds = 0 } = batching;
  if (batchSize > MAX_BATCH_WITHOUT_WINDOW && batchingWindowSeconds < 1) {
    throw new Error(
      `BatchSize is ${batchSize}: beyond ${MAX_BATCH_WITHOUT_WINDOW} a queue needs MaximumBatchingWindowInSeconds of at least 1`,
    );
  }
  return {
    functionArn,
    queueArn,
    ...batching,
    ...given({ maximumConcurrency: number('MaximumConcurrency', MaximumConcurrency) }),
  };
}

/** How to begin to read an event source. @throws Error for what Lambda would refuse, or what does not run here */
export function mappingOf(lambda: Sources, functionArn: string, properties: Properties): () => void {
  const source = String(properties.EventSourceArn);
  if (source.startsWith('arn:aws:dynamodb:')) {
    const definition = streamMapping(functionArn, source, properties);
    return () => lambda.mapStream(definition);
  }
  if (source.startsWith('arn:aws:sqs:')) {
    const definition = queueMapping(functionArn, source, properties);
    return () => lambda.mapQueue(definition);
  }
  throw new Error(`the event source ${source} does not run here: only streams of tables and queues do`);
}
