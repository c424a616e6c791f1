import type { ApiFunction } from '../graphql/manifest.ts';
import type { FideliaFunction } from './constructs/function.ts';
import type { DataStack } from './stacks/data.ts';

/** What a function may do with the tables; everything else is denied. A transaction needs the rights of its parts. */
export interface TableGrants {
  /** Actions on the table of customers. */
  readonly crm: readonly DynamoDbAction[];
  /** Indexes of the table of customers that may be queried. */
  readonly indexes: readonly ('gsi1' | 'gsi2')[];
}

export type DynamoDbAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';

const READ = ['GetItem', 'BatchGetItem', 'Query'] as const;

/** The functions of the API. */
export const apiGrants: Readonly<Record<ApiFunction, TableGrants>> = {
  team: { crm: ['GetItem'], indexes: [] },
  nodes: { crm: READ, indexes: ['gsi1', 'gsi2'] },
  customers: {
    crm: [...READ, 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'],
    indexes: ['gsi1', 'gsi2'],
  },
  interactions: { crm: [...READ, 'PutItem', 'ConditionCheckItem'], indexes: [] },
  sales: { crm: [...READ, 'PutItem', 'ConditionCheckItem'], indexes: [] },
  insights: { crm: READ, indexes: [] },
};

/** Scoring reads the facts and writes the score back. */
export const scoringGrants: TableGrants = {
  crm: [...READ, 'PutItem', 'UpdateItem', 'ConditionCheckItem'],
  indexes: [],
};

/** Gives a function its rights on the tables. */
export function grantTable(
  lambda: FideliaFunction,
  { table }: DataStack,
  { crm, indexes }: TableGrants,
): void {
  lambda.allow(
    crm.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );
  if (indexes.length > 0) {
    lambda.allow(
      ['dynamodb:Query'],
      indexes.map((index) => `${table.tableArn}/index/${index}`),
    );
  }
}
