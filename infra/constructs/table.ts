import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, type ITable, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';

export interface KeyedTableProps {
  /** Names of the indexes; each has the string keys `<name>pk` and `<name>sk` and holds whole items. @default none */
  readonly indexes?: readonly string[];
  /** Whether the changes can be read as a stream of old and new images. @default false */
  readonly stream?: boolean;
  /** Whether the table can be restored to any second of the last 35 days. @default true */
  readonly pointInTimeRecovery?: boolean;
  /** Whether the table outlives its stack and refuses to be deleted. */
  readonly protect: boolean;
}

/** A table that functions work on: made here, or restored. */
export interface TableInUse extends Pick<ITable, 'tableName' | 'tableArn' | 'metricUserErrors' | 'node'> {
  readonly tableStreamArn?: string | undefined;
}

/** The tables that functions work on. */
export interface Tables {
  /** Of customers. */
  readonly table: TableInUse;
  /** Of technical records. */
  readonly technicalTable: TableInUse;
}

/** A table with the string keys `pk` and `sk`, paid by request, whose items end at `expiresAt` (seconds since 1970). */
export class KeyedTable extends Table {
  constructor(scope: Construct, id: string, props: KeyedTableProps) {
    const pointInTimeRecovery = props.pointInTimeRecovery ?? true;
    super(scope, id, {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: pointInTimeRecovery },
      deletionProtection: props.protect,
      removalPolicy: props.protect ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(props.stream ? { stream: StreamViewType.NEW_AND_OLD_IMAGES } : {}),
    });
    for (const index of props.indexes ?? []) {
      this.addGlobalSecondaryIndex({
        indexName: index,
        partitionKey: { name: `${index}pk`, type: AttributeType.STRING },
        sortKey: { name: `${index}sk`, type: AttributeType.STRING },
      });
    }
    if (!pointInTimeRecovery) {
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason:
          'Holds only records that expire within days; nothing is lost that a restore should bring back.',
      });
    }
  }
}

/** Refusals within five minutes of which somebody should know: a few are the price of conflicts and of sudden load. */
const MANY_REFUSALS = 100;

/** Makes the alarms of the table of customers in the stack that uses it. */
export function watchTable(scope: Construct, alarms: Alarms, table: TableInUse): void {
  for (const [id, metricName] of THROTTLING) {
    alarms.watch(scope, id, {
      metric: new Metric({
        namespace: 'AWS/DynamoDB',
        metricName,
        dimensionsMap: { TableName: table.tableName },
        period: Duration.minutes(5),
        statistic: 'Sum',
      }),
      threshold: MANY_REFUSALS,
      description: `The table of customers refused ${MANY_REFUSALS} requests in 5 minutes for load: one customer takes more than a partition bears, or the account's quota of the table is reached. Who calls so often says the log of the API.`,
    });
  }
  alarms.watch(scope, 'RequestsInvalid', {
    metric: table.metricUserErrors({ period: Duration.minutes(5), statistic: 'Sum' }),
    threshold: MANY_REFUSALS,
    description: `DynamoDB refused ${MANY_REFUSALS} requests of the account in 5 minutes as invalid or in conflict. Look for level ERROR in the logs of the functions.`,
  });
}

const THROTTLING = [
  ['ReadsThrottled', 'ReadThrottleEvents'],
  ['WritesThrottled', 'WriteThrottleEvents'],
] as const;
