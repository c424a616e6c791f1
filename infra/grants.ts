import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { ApiFunction } from '../graphql/manifest.ts';
import type { FideliaFunction } from './constructs/function.ts';
import type { Tables } from './constructs/table.ts';

type DynamoDbAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'DeleteItem';

/** What a function may do with the tables; all else is denied. A transaction needs the rights of its parts. */
export interface TableGrants {
  /** On the table of customers. @default nothing */
  readonly crm?: readonly DynamoDbAction[];
  /** Which indexes of the table of customers may be queried. @default none */
  readonly indexes?: readonly ('gsi1' | 'gsi2')[];
  /** On the table of technical records. @default nothing */
  readonly technical?: readonly DynamoDbAction[];
}

/** The functions of the API. */
export const apiGrants: Readonly<Record<ApiFunction, TableGrants>> = {
  team: {},
  notifications: { crm: ['BatchGetItem', 'Query', 'PutItem'] },
  nodes: { crm: ['BatchGetItem'] },
  customers: {
    crm: ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
    indexes: ['gsi1', 'gsi2'],
    technical: ['GetItem', 'PutItem'],
  },
  interactions: { crm: ['BatchGetItem', 'Query', 'PutItem'], indexes: ['gsi2'] },
  sales: {
    crm: ['BatchGetItem', 'Query', 'PutItem'],
    indexes: ['gsi1'],
    technical: ['GetItem', 'PutItem'],
  },
  insights: { crm: ['BatchGetItem'] },
  partners: { crm: ['BatchGetItem', 'Query', 'PutItem', 'DeleteItem'], indexes: ['gsi1'] },
};

/** Reads the facts, writes the score back. */
export const scoringGrants: TableGrants = { crm: ['BatchGetItem', 'Query', 'PutItem'] };

/** Takes what falls due over gsi2, and settles scores as scoring does. */
export const lifecycleGrants: TableGrants = {
  crm: ['BatchGetItem', 'Query', 'PutItem'],
  indexes: ['gsi2'],
};

/** Reads agreements, consents and the facts, records what it shares. */
export const partnerSharingGrants: TableGrants = { crm: ['BatchGetItem', 'Query', 'PutItem'] };

/** Reads customers, consents and addresses not to write to; tells in the app; claims, settles and releases messages. */
export const notificationGrants: TableGrants = { crm: ['BatchGetItem', 'PutItem', 'DeleteItem'] };

/** Settles messages, keeps addresses not to write to, withdraws consent. */
export const mailEventsGrants: TableGrants = { crm: ['BatchGetItem', 'PutItem'] };

/** Reads the message and its customer, withdraws consent. */
export const unsubscribeGrants: TableGrants = { crm: ['BatchGetItem', 'PutItem'] };

/** What functions may do with the user pool. */
export const directoryGrants = {
  team: [
    'AdminAddUserToGroup',
    'AdminCreateUser',
    'AdminDisableUser',
    'AdminEnableUser',
    'AdminGetUser',
    'AdminListGroupsForUser',
    'AdminRemoveUserFromGroup',
    'AdminUpdateUserAttributes',
    'AdminUserGlobalSignOut',
    'ListUsers',
    'ListUsersInGroup',
  ],
  nodes: ['AdminListGroupsForUser', 'ListUsers'],
  notification: ['ListUsers', 'ListUsersInGroup'],
} as const;

/** Gives a function its rights on the user pool, and tells it where that is. */
export function grantDirectory(
  lambda: FideliaFunction,
  userPool: IUserPool,
  name: keyof typeof directoryGrants,
): void {
  lambda.addEnvironment('USER_POOL_ID', userPool.userPoolId);
  lambda.allow(
    directoryGrants[name].map((action) => `cognito-idp:${action}`),
    [userPool.userPoolArn],
  );
}

/** Gives a function its rights on the tables. */
export function grantTables(
  lambda: FideliaFunction,
  tables: Tables,
  { crm = [], indexes = [], technical = [] }: TableGrants,
): void {
  const crmArn = tables.table.tableArn;
  lambda.allow(crm.map(dynamodb), [crmArn]);
  lambda.allow(
    indexes.map(() => dynamodb('Query')),
    indexes.map((index) => `${crmArn}/index/${index}`),
  );
  lambda.allow(technical.map(dynamodb), [tables.technicalTable.tableArn]);
}

const dynamodb = (action: DynamoDbAction) => `dynamodb:${action}`;
