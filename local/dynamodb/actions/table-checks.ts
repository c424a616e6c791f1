import { validationError } from '../errors.ts';
import type { Throughput } from '../storage/catalog.ts';
import type { AttributeDefinition, IndexRequest, KeyElement, TableRequest } from './table-definitions.ts';

/** Limits of https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
const MAX_UNITS = 1_000_000_000_000;
const MAX_LOCAL = 5;
export const MAX_GLOBAL = 20;
const MAX_PROJECTED = 100;
const MAX_KEY_NAME_BYTES = 255;
const MAX_KEY_PART = 4;

export interface NewTable extends TableRequest {
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly IndexRequest[];
  readonly LocalSecondaryIndexes?: readonly IndexRequest[];
}

const invalid = (message: string): Error =>
  validationError(`One or more parameter values were invalid: ${message}`);

/** Refuses a new table that DynamoDB would refuse, in its order. */
export function checkNewTable(table: NewTable): void {
  checkBilling(table);
  checkKeySchema(table.KeySchema, table.AttributeDefinitions);
  const { LocalSecondaryIndexes: locals, GlobalSecondaryIndexes: globals } = table;
  if (!locals && !globals && table.KeySchema.length !== table.AttributeDefinitions.length) {
    throw invalid(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    );
  }
  const names = new Set<string>();
  if (locals) checkLocalIndexes(table, locals, names);
  if (globals) checkGlobalIndexes(table, globals, names);
  checkProjectedCount([...(locals ?? []), ...(globals ?? [])]);
  checkUsed(table);
}

function checkBilling({ BillingMode, ProvisionedThroughput }: TableRequest): void {
  if (BillingMode === 'PAY_PER_REQUEST') {
    if (ProvisionedThroughput) throw throughputOnDemand();
    return;
  }
  if (!ProvisionedThroughput) {
    throw invalid(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    );
  }
  checkUnits(ProvisionedThroughput);
}

export const throughputOnDemand = (): Error =>
  invalid(
    'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  );

export function checkUnits(throughput: Throughput): void {
  for (const member of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const) {
    if (throughput[member] > MAX_UNITS) {
      throw validationError(`Given value ${throughput[member]} for ${member} is out of bounds`);
    }
  }
}

function checkKeySchema(keys: readonly KeyElement[], definitions: readonly AttributeDefinition[]): void {
  if (keys.length > definitions.length) {
    throw validationError('Invalid KeySchema: Some index key attribute have no definition');
  }
  checkDefined(keys, definitions);
  checkKeyTypes(keys);
}

export function checkDefined(keys: readonly KeyElement[], definitions: readonly AttributeDefinition[]): void {
  const defined = definitions.map(({ AttributeName }) => AttributeName);
  const names = keys.map(({ AttributeName }) => AttributeName);
  for (const name of [...names, ...defined]) {
    if (Buffer.byteLength(name) > MAX_KEY_NAME_BYTES) {
      throw invalid(
        `Size of attribute name exceeds limit of ${MAX_KEY_NAME_BYTES} bytes for key attribute ${name}`,
      );
    }
  }
  if (names.some((name) => !defined.includes(name))) {
    throw invalid(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(', ')}], AttributeDefinitions: [${defined.join(', ')}]`,
    );
  }
}

export function checkKeyTypes([hash, range]: readonly KeyElement[]): void {
  if (hash?.AttributeName === range?.AttributeName) {
    throw validationError('Both the Hash Key and the Range Key element in the KeySchema have the same name');
  }
  if (hash?.KeyType !== 'HASH') {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (range && range.KeyType !== 'RANGE') {
    throw validationError('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type');
  }
}

export function checkProjection({ Projection }: IndexRequest): void {
  const { ProjectionType: type, NonKeyAttributes: names } = Projection;
  if (type === undefined) throw invalid('Unknown ProjectionType: null');
  if (names && type !== 'INCLUDE') {
    throw invalid(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (!names && type === 'INCLUDE') {
    throw invalid('ProjectionType is INCLUDE, but NonKeyAttributes is not specified');
  }
}

function checkName(names: Set<string>, name: string): void {
  if (names.has(name)) throw invalid(`Duplicate index name: ${name}`);
  names.add(name);
}

/** The key of a global index: up to four attributes of each kind, those of the partition first. */
export function checkGlobalKey(keys: readonly KeyElement[]): void {
  if (keys.length <= 2 && keys.every(({ KeyType }, index) => (KeyType === 'HASH') === (index === 0))) {
    checkKeyTypes(keys);
    return;
  }
  const kinds = keys.map(({ KeyType }) => KeyType);
  const hashes = kinds.lastIndexOf('HASH') + 1;
  if (hashes === 0) {
    throw validationError('Invalid KeySchema: The first KeySchemaElement is not a HASH key type');
  }
  if (kinds.slice(0, hashes).includes('RANGE')) {
    throw validationError('Invalid KeySchema: HASH key elements must precede RANGE key elements');
  }
  if (hashes > MAX_KEY_PART || kinds.length - hashes > MAX_KEY_PART) {
    throw validationError(
      `Invalid KeySchema: at most ${MAX_KEY_PART} HASH and ${MAX_KEY_PART} RANGE key elements are allowed`,
    );
  }
  const names = keys.map(({ AttributeName }) => AttributeName);
  if (new Set(names).size < names.length) {
    throw validationError('Invalid KeySchema: two key elements have the same name');
  }
}

function checkLocalIndexes(table: NewTable, indexes: readonly IndexRequest[], names: Set<string>): void {
  const hash = table.KeySchema[0]?.AttributeName;
  if (indexes.length === 0) throw invalid('List of LocalSecondaryIndexes is empty');
  if (table.KeySchema.length !== 2) {
    throw invalid(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    );
  }
  for (const index of indexes) {
    const { IndexName: name, KeySchema: keys } = index;
    checkDefined(keys, table.AttributeDefinitions);
    checkKeyTypes(keys);
    if (keys.length !== 2) throw invalid(`Index KeySchema does not have a range key for index: ${name}`);
    if (keys[0]?.AttributeName !== hash) {
      throw invalid(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${keys[0]?.AttributeName}, table hash key: ${hash}`,
      );
    }
    checkProjection(index);
    checkName(names, name);
  }
  if (indexes.length > MAX_LOCAL) {
    throw invalid(`Number of LocalSecondaryIndexes exceeds per-table limit of ${MAX_LOCAL}`);
  }
}

function checkGlobalIndexes(table: NewTable, indexes: readonly IndexRequest[], names: Set<string>): void {
  if (indexes.length === 0) throw invalid('List of GlobalSecondaryIndexes is empty');
  for (const index of indexes) {
    checkDefined(index.KeySchema, table.AttributeDefinitions);
    checkGlobalKey(index.KeySchema);
    checkProjection(index);
    checkIndexBilling(index, table.BillingMode === 'PAY_PER_REQUEST');
    checkName(names, index.IndexName);
  }
  if (indexes.length > MAX_GLOBAL) {
    throw invalid(`GlobalSecondaryIndex count exceeds the per-table limit of ${MAX_GLOBAL}`);
  }
}

export function checkIndexBilling(
  { IndexName, ProvisionedThroughput }: IndexRequest,
  onDemand: boolean,
): void {
  if (onDemand && ProvisionedThroughput) {
    throw invalid(
      `ProvisionedThroughput should not be specified for index: ${IndexName} when BillingMode is PAY_PER_REQUEST`,
    );
  }
  if (!onDemand && !ProvisionedThroughput) {
    throw invalid(`ProvisionedThroughput must be specified for index: ${IndexName}`);
  }
}

/** The attributes that indexes name in their projections, all together. */
export function checkProjectedCount(indexes: readonly Pick<IndexRequest, 'Projection'>[]): void {
  const count = indexes.reduce((sum, { Projection }) => sum + (Projection.NonKeyAttributes?.length ?? 0), 0);
  if (count > MAX_PROJECTED) {
    throw invalid(
      `Number of projected attributes in all indexes ${count} exceeds the limit of ${MAX_PROJECTED} per table`,
    );
  }
}

function checkUsed(table: NewTable): void {
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  const used = new Set(
    [table, ...indexes].flatMap(({ KeySchema }) => KeySchema.map((key) => key.AttributeName)),
  );
  const defined = table.AttributeDefinitions.map(({ AttributeName }) => AttributeName);
  if (defined.some((name) => !used.has(name))) {
    throw invalid(
      `Some AttributeDefinitions are not used. AttributeDefinitions: [${defined.join(', ')}], keys used: [${[...used].join(', ')}]`,
    );
  }
}
