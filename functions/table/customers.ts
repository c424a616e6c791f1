import { type CreateEntityItem, Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import { type Identity, identityKey, identityTaken } from '../../domain/customers/identity.ts';
import { Refusal } from '../../domain/errors.ts';
import { crmTable, tenant } from './client.ts';
import { type Connection, type PageRequest, readPage } from './page.ts';
import { batchGet, type Row } from './read.ts';
import { type ClientRequest, requestMade, requestOperation } from './requests.ts';
import { type Operation, write } from './write.ts';

/** The profile of a customer, in the customer's own partition; found by owner over gsi1, by name. */
const profiles = new Entity(
  {
    model: { entity: 'customer', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      kind: { type: ['PERSON', 'COMPANY'] as const, required: true },
      name: { type: 'string', required: true },
      nameKey: { type: 'string', required: true },
      givenName: { type: 'string' },
      familyName: { type: 'string' },
      identities: { type: 'any' },
      address: { type: 'any' },
      language: { type: 'string' },
      ownerId: { type: 'string' },
      team: { type: 'string' },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      version: { type: 'number', required: true },
      requestFingerprint: { type: 'string' },
      change: { type: 'any' },
    },
    indexes: {
      customer: {
        pk: { field: 'pk', composite: ['tenant', 'id'], template: '${tenant}#${id}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'view#profile', casing: 'none' },
      },
      byOwner: {
        index: 'gsi1',
        pk: {
          field: 'gsi1pk',
          composite: ['tenant', 'ownerId'],
          template: '${tenant}#${ownerId}',
          casing: 'none',
        },
        sk: {
          field: 'gsi1sk',
          composite: ['nameKey', 'id'],
          template: 'customer#${nameKey}#${id}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

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

/** Reads a profile row, as a query over the customer's partition finds it. */
export function toCustomer(row: Row): Customer {
  const { data } = profiles.parse({ Item: row as never });
  const {
    tenant: _tenant,
    nameKey: _nameKey,
    requestFingerprint: _print,
    change: _change,
    ...customer
  } = data as never as Row;
  return customer as unknown as Customer;
}

/** The customer, as last written; undefined when there is none. */
export async function getCustomer(id: string): Promise<Customer | undefined> {
  return (await getCustomers([id])).get(id);
}

/** @throws Refusal `CUSTOMER.NOT_FOUND` when there is no such customer. */
export async function knownCustomer(id: string): Promise<Customer> {
  return (await getCustomer(id)) ?? notFound(id);
}

/** Up to 100 customers by id, as last written; who is not there is left out. */
export async function getCustomers(ids: Iterable<string>): Promise<Map<string, Customer>> {
  const keys = [...new Set(ids)].map((id) => ({ pk: `${tenant}#${id}`, sk: 'view#profile' }));
  const customers = (await batchGet(keys, { consistent: true })).map(toCustomer);
  return new Map(customers.map((customer) => [customer.id, customer]));
}

/** Finds the customers that a request names. */
export type CustomerLookup = (id: string) => Promise<Customer>;

/**
 * Reads the customers that a batch names at once, when the first row asks.
 *
 * @throws Refusal `CUSTOMER.NOT_FOUND`, from the lookup.
 */
export function customerLookup(ids: readonly string[]): CustomerLookup {
  let customers: Promise<Map<string, Customer>> | undefined;
  return async (id) => {
    customers ??= getCustomers(ids);
    return (await customers).get(id) ?? notFound(id);
  };
}

/** The id of the customer who has the identity. */
export async function findByIdentity(identity: Identity): Promise<string | undefined> {
  const { data } = await identities.get({ tenant, key: identityKey(identity) }).go({ consistent: true });
  return data?.customerId;
}

/** A page of the customers of an owner, by name. */
export function customersOf(ownerId: string, page: PageRequest): Promise<Connection<Customer>> {
  const query = profiles.query.byOwner({ tenant, ownerId }).params();
  return readPage(query as never, ['pk', 'sk', 'gsi1pk', 'gsi1sk'], page, (rows) => rows.map(toCustomer));
}

/**
 * Adds a customer with all identities, or nothing.
 *
 * @returns the customer that is there: the new one, or for a retry of the same request the one it made.
 * @throws Refusal `CUSTOMER.*_TAKEN`, `REQUEST.ID_REUSED`
 */
export async function addCustomer(
  customer: Customer,
  change: Change,
  requestFingerprint: string,
): Promise<Customer> {
  const conflicts = await write([
    { Put: profiles.create(toRow(customer, { requestFingerprint, change })).params() as never },
    ...customer.identities.map((identity) => claim(identity, customer.id)),
  ]);
  if (!conflicts) return customer;
  const [present, ...taken] = conflicts;
  if (present) return sameRequest(present, requestFingerprint);
  throw firstTaken(customer.identities, taken);
}

/**
 * Replaces a profile that still has the version before, takes and releases identities, and remembers the request.
 *
 * @returns 'written', 'stale' when another change came first, 'repeated' when this request was made before.
 * @throws Refusal `CUSTOMER.*_TAKEN`, `REQUEST.ID_REUSED`
 */
export async function replaceCustomer(
  customer: Customer,
  change: Change,
  added: readonly Identity[],
  removed: readonly Identity[],
  request: ClientRequest | undefined,
): Promise<'written' | 'stale' | 'repeated'> {
  const conflicts = await write([
    {
      Put: profiles
        .put(toRow(customer, { change }))
        .where(({ version }, { eq }) => eq(version, customer.version - 1))
        .params() as never,
    },
    ...added.map((identity) => claim(identity, customer.id)),
    ...removed.map((identity) => release(identity, customer.id)),
    ...(request ? [requestOperation(request.key, request.fingerprint, customer.id)] : []),
  ]);
  if (!conflicts) return 'written';
  const made = request ? conflicts[1 + added.length + removed.length] : undefined;
  if (made && request) return requestMade(made, request.fingerprint);
  if (conflicts[0]) return 'stale';
  throw firstTaken(added, conflicts.slice(1));
}

function notFound(id: string): never {
  throw new Refusal(
    'CUSTOMER.NOT_FOUND',
    `There is no customer ${id}: check the id, or create the customer first`,
    {
      customerId: id,
    },
  );
}

type ProfileRow = CreateEntityItem<typeof profiles>;

function toRow(customer: Customer, stamps: { change: Change; requestFingerprint?: string }): ProfileRow {
  const nameKey = customer.name.toLowerCase().slice(0, 200);
  return { ...customer, ...stamps, tenant, nameKey } as ProfileRow;
}

function claim(identity: Identity, customerId: string): Operation {
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

function release(identity: Identity, customerId: string): Operation {
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

function firstTaken(wanted: readonly Identity[], conflicts: readonly (Row | undefined)[]): Error {
  const index = conflicts.findIndex((conflict) => conflict !== undefined);
  const identity = wanted[index];
  if (!identity) return new Error('A write was refused by none of its conditions');
  return identityTaken(identity, String(conflicts[index]?.customerId));
}

function sameRequest(row: Row, requestFingerprint: string): Customer {
  if (row.requestFingerprint === requestFingerprint) return toCustomer(row);
  throw new Refusal(
    'REQUEST.ID_REUSED',
    'The clientRequestId made another customer: give each request its own',
    {
      field: 'clientRequestId',
      customerId: row.id,
    },
  );
}
