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
  notifications: {},
  nodes: { crm: ['BatchGetItem'] },
  customers: {
    crm: ['GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem'],
    indexes: ['gsi1'],
    technical: ['GetItem', 'PutItem'],
  },
  interactions: { crm: ['BatchGetItem', 'Query', 'PutItem'] },
  sales: { crm: ['BatchGetItem', 'Query', 'PutItem'] },
  insights: { crm: ['BatchGetItem'] },
  partners: {},
};

/** Reads the facts, writes the score back. */
export const scoringGrants: TableGrants = { crm: ['BatchGetItem', 'Query', 'PutItem'] };

/** What functions of the API may do with the user pool. */
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
} as const satisfies Readonly<Partial<Record<ApiFunction, readonly string[]>>>;

export const lifecycleGrants: TableGrants = {};
export const notificationGrants: TableGrants = {};
export const mailEventsGrants: TableGrants = {};
export const unsubscribeGrants: TableGrants = {};
export const partnerSharingGrants: TableGrants = {};

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
