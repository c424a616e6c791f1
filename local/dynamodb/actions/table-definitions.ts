import type { Engine } from '../engine.ts';
import { validationError } from '../errors.ts';
import type { IndexDescription, StreamDescription, Throughput, ViewType } from '../storage/catalog.ts';
import type { KeyType } from '../values/attributes.ts';
import type { KeyAttribute, KeySchema } from '../values/keys.ts';

export interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

export interface IndexRequest {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: IndexDescription['projection'];
  readonly ProvisionedThroughput?: Throughput;
}

export interface StreamSpecification {
  readonly StreamEnabled: boolean;
  readonly StreamViewType?: ViewType;
}

export interface TableRequest {
  readonly TableName: string;
  readonly AttributeDefinitions?: readonly AttributeDefinition[];
  readonly BillingMode?: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: Throughput;
  readonly StreamSpecification?: StreamSpecification;
  readonly SSESpecification?: Readonly<Record<string, unknown>>;
  readonly DeletionProtectionEnabled?: boolean;
  readonly TableClass?: string;
  readonly OnDemandThroughput?: Readonly<Record<string, number>>;
}

export const NO_THROUGHPUT: Throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

export const streamMember = (stream: StreamDescription | undefined): { stream?: StreamDescription } =>
  stream ? { stream } : {};

export function schemaReader(definitions: readonly AttributeDefinition[]) {
  const attribute = ({ AttributeName }: { AttributeName: string }) => ({
    name: AttributeName,
    type: definitions.find((one) => one.AttributeName === AttributeName)?.AttributeType as KeyType,
  });
  return (keys: readonly KeyElement[]): KeySchema => {
    const [hash, ...moreHash] = keys.filter(({ KeyType }) => KeyType === 'HASH').map(attribute);
    const [range, ...moreRange] = keys.filter(({ KeyType }) => KeyType === 'RANGE').map(attribute);
    return {
      hash: hash as KeyAttribute,
      ...(moreHash.length > 0 && { moreHash }),
      ...(range && { range }),
      ...(moreRange.length > 0 && { moreRange }),
    };
  };
}

export function indexOf(
  request: IndexRequest,
  kind: IndexDescription['kind'],
  number: number,
  schema: ReturnType<typeof schemaReader>,
): IndexDescription {
  return {
    name: request.IndexName,
    number,
    kind,
    keys: schema(request.KeySchema),
    projection: request.Projection,
    throughput: request.ProvisionedThroughput ?? NO_THROUGHPUT,
  };
}

export function checkStream(specification: StreamSpecification | undefined): void {
  if (specification?.StreamEnabled && !specification.StreamViewType) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true',
    );
  }
  if (specification?.StreamEnabled === false && specification.StreamViewType) {
    throw validationError(
      'One or more parameter values were invalid: StreamViewType cannot be specified when StreamEnabled is false',
    );
  }
}

/** Checks the stream of a table that is made. */
export function checkNewStream(specification: StreamSpecification | undefined): void {
  if (specification?.StreamEnabled === false && specification.StreamViewType) {
    throw validationError(
      'One or more parameter values were invalid: Table is being created with a stream disabled, UpdateViewType should not be specified',
    );
  }
  checkStream(specification);
}

/** A new stream. Its label is its time of birth, and later than that of the stream before. */
export function newStream(
  engine: Engine,
  specification: StreamSpecification | undefined,
  before?: StreamDescription,
): StreamDescription | undefined {
  if (!specification?.StreamEnabled) return undefined;
  const earliest = before ? Date.parse(`${before.label}Z`) + 1 : 0;
  const label = new Date(Math.max(engine.now(), earliest)).toISOString().replace('Z', '');
  return { view: specification.StreamViewType as ViewType, label, enabled: true };
}
