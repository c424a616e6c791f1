import { AwsError } from '../../aws.ts';

/** Actions of DynamoDB that are not run here, and what does their work instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  ExecuteStatement: 'PartiQL is not supported: use GetItem, Query, Scan, PutItem, UpdateItem or DeleteItem',
  BatchExecuteStatement: 'PartiQL is not supported: use BatchGetItem or BatchWriteItem',
  ExecuteTransaction: 'PartiQL is not supported: use TransactGetItems or TransactWriteItems',
  ExportTableToPointInTime: 'Exports are not supported: use Scan',
  ImportTable: 'Imports are not supported: use BatchWriteItem',
  CreateBackup: 'Backups are not supported: copy the data folder while the local cloud is stopped',
};

/** The error for an action that the engine does not run. */
export function unsupported(action: string): AwsError {
  const instead = Object.hasOwn(INSTEAD, action) ? `. ${INSTEAD[action]}.` : '';
  return new AwsError('UnknownOperationException', `The action ${action} is not supported${instead}`);
}
