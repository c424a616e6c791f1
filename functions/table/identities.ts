import { Entity } from 'electrodb';
import { type Identity, identityKey, identityTaken } from '../../domain/customers/identity.ts';
import { crmTable, tenant } from './client.ts';
import { getRow } from './read.ts';
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

/** The id of the customer who has the identity. */
export async function findByIdentity(identity: Identity): Promise<string | undefined> {
  const key = { pk: `${tenant}#identity#${identityKey(identity)}`, sk: 'customer' };
  const row = await getRow(key, { consistent: true });
  return row?.customerId as string | undefined;
}

/** The part of a write that takes an identity for a customer. */
export function claim(identity: Identity, customerId: string): Operation {
  const key = identityKey(identity);
  return {
    Put: identities
      .put({ tenant, key, customerId })
      .where(
        (attribute, { notExists, eq }) =>
          `${notExists(attribute.key)} OR ${eq(attribute.customerId, customerId)}`,
      )
      .params() as never,
  };
}

/** The part of a write that gives an identity up. */
export function release(identity: Identity, customerId: string): Operation {
  const key = identityKey(identity);
  return {
    Delete: identities
      .delete({ tenant, key })
      .where(
        (attribute, { notExists, eq }) =>
          `${notExists(attribute.key)} OR ${eq(attribute.customerId, customerId)}`,
      )
      .params() as never,
  };
}

/** The refusal for the first of the wanted identities that another customer has. */
export function firstTaken(wanted: readonly Identity[], conflicts: Conflicts): Error {
  const index = conflicts.findIndex((conflict) => conflict !== undefined);
  const identity = wanted[index];
  if (!identity) return new Error('A write was refused by none of its conditions');
  return identityTaken(identity, String(conflicts[index]?.customerId));
}
