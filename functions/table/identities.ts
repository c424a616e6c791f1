import { Entity } from 'electrodb';
import { type Identity, identityKey, identityTaken } from '../../domain/customers/identity.ts';
import { crmTable, tenant } from './client.ts';
import { ifHas, ifNewOr } from './conditions.ts';
import { putterFor } from './put.ts';
import { getRow, type Key } from './read.ts';
import type { Conflicts, Operation } from './write.ts';

/** Who has an identity: an item of its own, so that an identity belongs to one customer at most. */
const identities = new Entity(
  {
    model: { entity: 'identity', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      key: { type: 'string', required: true },
      customerId: { type: 'string', required: true },
    },
    indexes: {
      identity: {
        pk: {
          field: 'pk',
          composite: ['tenant', 'key'],
          template: '${tenant}#identity#${key}',
          casing: 'none',
        },
        sk: { field: 'sk', composite: [], template: 'customer', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

const putIdentity = putterFor(identities);

const keyOf = (identity: Identity): Key => ({
  pk: `${tenant}#identity#${identityKey(identity)}`,
  sk: 'customer',
});

/** The id of the customer who has the identity. */
export async function findByIdentity(identity: Identity): Promise<string | undefined> {
  const row = await getRow(keyOf(identity), { consistent: true });
  return row?.customerId as string | undefined;
}

/** The part of a write that takes an identity for a customer. */
export function claim(identity: Identity, customerId: string): Operation {
  const item = { tenant, key: identityKey(identity), customerId };
  return { Put: putIdentity(item, ifFreeFor(customerId)) };
}

/** The part of a write that gives an identity up. */
export function release(identity: Identity, customerId: string): Operation {
  const Key = { ...keyOf(identity) };
  return { Delete: { TableName: crmTable.table, Key, ...ifFreeFor(customerId) } };
}

/** When nobody else has it. */
const ifFreeFor = (customerId: string) => ifNewOr(ifHas({ customerId }));

/** The refusal for the first of the wanted identities that another customer has. */
export function firstTaken(wanted: readonly Identity[], conflicts: Conflicts): Error {
  const index = conflicts.findIndex((conflict) => conflict !== undefined);
  const identity = wanted[index];
  if (!identity) return new Error('A write was refused by none of its conditions');
  return identityTaken(identity, String(conflicts[index]?.customerId));
}
