import { Entity } from 'electrodb';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion } from './conditions.ts';
import { putterFor } from './put.ts';
import { getRow } from './read.ts';
import type { Operation } from './write.ts';

/** How many agreements were not ended: it keeps their number bounded however many are made at the same time. */
const counts = new Entity(
  {
    model: { entity: 'agreementCount', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      count: { type: 'number', required: true },
      version: { type: 'number', required: true },
    },
    indexes: {
      count: {
        pk: { field: 'pk', composite: ['tenant'], template: '${tenant}#agreement-count', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'count', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putCount = putterFor(counts);

/** A count as it was read, to be written on condition that it is still that. */
export interface AgreementCount {
  readonly count: number;
  /** 0 before it was ever written. */
  readonly version: number;
}

/** How many agreements were not ended, as last written. */
export async function countOfAgreements(): Promise<AgreementCount> {
  const row = await getRow({ pk: `${tenant}#agreement-count`, sk: 'count' }, { consistent: true });
  return { count: Number(row?.count ?? 0), version: Number(row?.version ?? 0) };
}

/** The part of a write that counts one more, or one less. */
export function countOperation({ count, version: before }: AgreementCount, more: 1 | -1): Operation {
  const row = { tenant, count: count + more, version: before + 1 };
  return { Put: putCount(row, ifAtVersion(before)) };
}
