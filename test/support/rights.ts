import type { TableGrants } from '../../infra/grants.ts';

/** `PutItem crm`, `Query crm/gsi1`: an action and the table, or index, that it is done to. */
export type Right = string;

interface Part {
  readonly TableName?: string;
}

/** The rights that a call of DynamoDB asks for; a transaction asks for those of its parts. */
export function rightsAskedBy(action: string, input: Readonly<Record<string, unknown>>): Right[] {
  if (action === 'TransactWriteItems' || action === 'TransactGetItems') {
    const parts = input.TransactItems as readonly Readonly<Record<string, Part>>[];
    return parts.flatMap((part) =>
      Object.entries(part).map(([kind, { TableName }]) => {
        const single = kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`;
        return `${single} ${TableName}`;
      }),
    );
  }
  const tables = input.RequestItems ? Object.keys(input.RequestItems) : [input.TableName];
  const index = input.IndexName === undefined ? '' : `/${input.IndexName}`;
  return tables.map((table) => `${action} ${table}${index}`);
}

/** All rights that a grant gives, on tables of these names. */
export function rightsGranted(
  { crm = [], indexes = [], technical = [] }: TableGrants,
  names: { readonly crm: string; readonly technical: string },
): Right[] {
  return [
    ...crm.map((action) => `${action} ${names.crm}`),
    ...indexes.map((index) => `Query ${names.crm}/${index}`),
    ...technical.map((action) => `${action} ${names.technical}`),
  ];
}
