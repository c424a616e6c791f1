import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  MetricType,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { FideliaFunction, type FunctionDefaults } from './function.ts';
import type { TableInUse } from './table.ts';

export interface RelayProps extends FunctionDefaults {
  /** The table whose stream is relayed. */
  readonly table: TableInUse;
  /** Where the events go. */
  readonly bus: EventBus;
  /** Where a batch goes that could not be relayed. */
  readonly failures: Bucket;
}

/** The only reader of the table's stream: it puts on the bus what the changes say has happened. */
export class Relay extends Construct {
  constructor(scope: Construct, id: string, props: RelayProps) {
    super(scope, id);
    const relay = new FideliaFunction(this, 'Function', {
      ...props,
      name: 'relay',
      description: 'Puts on the event bus what the changes of the table say has happened.',
      environment: {
        ...props.environment,
        BUS_NAME: props.bus.eventBusName,
        FAILURES_BUCKET: props.failures.bucketName,
      },
      memorySize: 512,
      timeout: Duration.seconds(60),
    });
    const stream = props.table.tableStreamArn;
    if (stream === undefined) {
      throw new Error(`The table ${props.table.node.path} has no stream to relay: give it one.`);
    }
    relay.allow(
      ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
      [stream],
    );
    relay.allow(['events:PutEvents'], [props.bus.eventBusArn]);
    grantFailures(relay, props.failures);

    const mapping = new EventSourceMapping(this, 'Stream', {
      target: relay,
      eventSourceArn: stream,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      // More than half of the changes are nobody's news (buckets, shares, what became of a mail): Lambda passes over them.
      filters: [
        FilterCriteria.filter({
          dynamodb: { NewImage: { change: { M: { id: { S: FilterRule.exists() } } } } },
        }),
      ],
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // Without end, since tries are no measure of time: a bus that is away only delays. The relay itself sets aside what
      // can never pass; whatever else stays stuck reaches the bucket after half of what the stream keeps.
      retryAttempts: -1,
      maxRecordAge: Duration.hours(12),
      supportS3OnFailureDestination: true,
      onFailure: { bind: () => ({ destination: props.failures.bucketArn }) },
      metricsConfig: { metrics: [MetricType.EVENT_COUNT] },
    });

    props.alarms.watch(this, 'Late', {
      metric: relay.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      threshold: Duration.minutes(5).toMilliseconds(),
      description:
        'Changes reach the event bus more than 5 minutes late. Look for errors in the log of relay.',
    });
    props.alarms.watch(this, 'GaveUp', {
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'OnFailureDestinationDeliveredEventCount',
        // Exactly this dimension: with the function's name too, the alarm would watch nothing.
        dimensionsMap: { EventSourceMappingUUID: mapping.eventSourceMappingId },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: 1,
      description: `Changes could not be relayed for 12 hours and lie in the bucket of failed batches. Repair the cause, then for each object (docs/operations.md, "Redrive"): ${redriveCommands(relay, props.failures)}`,
    });
  }
}

/** Brings back what lies in the bucket; the object is moved out first, since the relay may put it there again. */
function redriveCommands(relay: FideliaFunction, failures: Bucket): string {
  const bucket = `s3://${failures.bucketName}`;
  return [
    `aws s3 ls --recursive ${bucket}`,
    `aws s3 mv ${bucket}/KEY failed.json`,
    'jq -r .payload failed.json > payload.json',
    `aws lambda invoke --function-name ${relay.functionName} --payload fileb://payload.json answer.json`,
  ].join('; ');
}

const FAILURE_KEYS = ['aws/lambda/*', 'relay/*'];

/** Lambda writes a failed batch with the function's role, under a key that Lambda chooses. */
function grantFailures(relay: FideliaFunction, failures: Bucket): void {
  const arn = Stack.of(failures).exportValue(failures.bucketArn);
  relay.allow(['s3:ListBucket'], [arn]);
  relay.allow(
    ['s3:PutObject'],
    FAILURE_KEYS.map((keys) => `${arn}/${keys}`),
  );
  const { 'Fn::ImportValue': exportName } = Stack.of(relay).resolve(arn);
  for (const keys of FAILURE_KEYS) {
    Validations.of(relay.role ?? relay).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${exportName}/${keys}]`,
      reason:
        'The key of a failed batch is aws/lambda/<mapping>/<shard>/<time>, of a single record relay/<event id>.',
    });
  }
}
