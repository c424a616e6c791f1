import { AwsError } from '../../aws.ts';
import { validationError } from '../errors.ts';
import type { Table, Throughput } from '../storage/catalog.ts';
import {
  checkDefined,
  checkGlobalKey,
  checkIndexBilling,
  checkProjectedCount,
  checkProjection,
  checkUnits,
  MAX_GLOBAL,
  throughputOnDemand,
} from './table-checks.ts';
import type { AttributeDefinition, IndexRequest, TableRequest } from './table-definitions.ts';

export interface IndexUpdate {
  readonly Create?: IndexRequest;
  readonly Update?: { readonly IndexName: string; readonly ProvisionedThroughput?: Throughput };
  readonly Delete?: { readonly IndexName: string };
}

export interface UpdateTableRequest extends TableRequest {
  readonly GlobalSecondaryIndexUpdates?: readonly IndexUpdate[];
}

const invalid = (message: string): Error =>
  validationError(`One or more parameter values were invalid: ${message}`);

const CHANGES = [
  'ProvisionedThroughput',
  'BillingMode',
  'StreamSpecification',
  'SSESpecification',
  'DeletionProtectionEnabled',
  'TableClass',
  'OnDemandThroughput',
] as const;

/** Refuses an update that needs no look at its table to be refused. */
export function checkUpdate(request: UpdateTableRequest): void {
  const updates = request.GlobalSecondaryIndexUpdates ?? [];
  if (updates.length === 0 && CHANGES.every((member) => request[member] === undefined)) {
    throw validationError(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  }
  if (request.BillingMode === 'PROVISIONED' && !request.ProvisionedThroughput) {
    throw invalid('ProvisionedThroughput must be specified when BillingMode is PROVISIONED');
  }
  if (request.ProvisionedThroughput) checkUnits(request.ProvisionedThroughput);
  const names = updates.map(nameOf);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw invalid(
      `Only one global secondary index update per index is allowed simultaneously. Index: ${twice}`,
    );
  }
}

function nameOf({ Create, Update, Delete }: IndexUpdate): string {
  const change = Create ?? Update ?? Delete;
  if (!change) {
    throw invalid(
      'One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null',
    );
  }
  return change.IndexName;
}

/** Refuses a change of throughput that its table does not allow, or that is none. */
export function checkThroughput(table: Table, request: UpdateTableRequest): void {
  const onDemand = request.BillingMode ? request.BillingMode === 'PAY_PER_REQUEST' : table.onDemand;
  const wanted = request.ProvisionedThroughput;
  if (!wanted) return;
  if (onDemand) throw throughputOnDemand();
  const now = table.throughput;
  const isSame =
    wanted.ReadCapacityUnits === now.ReadCapacityUnits &&
    wanted.WriteCapacityUnits === now.WriteCapacityUnits;
  if (isSame && !table.onDemand) {
    throw validationError(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${now.ReadCapacityUnits}. Requested ReadCapacityUnits: ${wanted.ReadCapacityUnits}. Current WriteCapacityUnits provisioned for the table: ${now.WriteCapacityUnits}. Requested WriteCapacityUnits: ${wanted.WriteCapacityUnits}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
}

/** Refuses an index that cannot be added to its table. */
export function checkNewIndex(
  table: Table,
  index: IndexRequest,
  definitions: readonly AttributeDefinition[],
  onDemand: boolean,
): void {
  const name = index.IndexName;
  if (table.indexes.some((one) => one.name === name)) {
    throw validationError(
      `Attempting to create an index which already exists: Index with name ${name} already exists`,
    );
  }
  checkDefined(index.KeySchema, definitions);
  checkGlobalKey(index.KeySchema);
  checkProjection(index);
  checkIndexBilling(index, onDemand);
  const globals = table.indexes.filter(({ kind }) => kind === 'global');
  if (globals.length >= MAX_GLOBAL) {
    throw new AwsError(
      'LimitExceededException',
      `Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL}`,
    );
  }
  checkProjectedCount([...table.indexes.map(({ projection }) => ({ Projection: projection })), index]);
}

/** One index may be created and one removed by an update (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html). */
export function checkIndexCount(updates: readonly IndexUpdate[]): void {
  const created = updates.filter(({ Create }) => Create).length;
  const removed = updates.filter(({ Delete }) => Delete).length;
  if (created > 1 || removed > 1 || (created > 0 && removed > 0)) {
    throw new AwsError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
}
