import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';

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
