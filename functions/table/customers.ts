import { Entity } from 'electrodb';
import type { Change } from '../../domain/change.ts';
import type { Customer, CustomerUpdate } from '../../domain/customers/customer.ts';
import { foldName, startOfName } from '../../domain/customers/name.ts';
import { Refusal } from '../../domain/errors.ts';
import { vias } from '../../domain/via.ts';
import { attributesOf, reading } from './attributes.ts';
import { crmTable, tenant } from './client.ts';
import { ifAtVersion, ifNew } from './conditions.ts';
import { claim, firstTaken, release } from './identities.ts';
import { isCustomerId } from './ids.ts';
import { ownPartition } from './keys.ts';
import { putterFor } from './put.ts';
import { type Consistency, getRow, type Row } from './read.ts';
import { type ClientRequest, requestMade, requestOperation } from './requests.ts';
import { write } from './write.ts';

/** Stands for the owner of a customer whom nobody owns: a put has every part of every index. */
const nobody = '';

/** The profile of a customer, in the customer's own partition; found by owner over gsi1 and by name over gsi2. */
export const profiles = new Entity(
  {
    model: { entity: 'customer', version: '1', service: 'crm' },
    attributes: {
      tenant: { type: 'string', required: true },
      id: { type: 'string', required: true },
      kind: { type: ['PERSON', 'COMPANY'] as const, required: true },
      name: { type: 'string', required: true },
      nameKey: { type: 'string', required: true },
      nameStart: { type: 'string' },
      givenName: { type: 'string' },
      familyName: { type: 'string' },
      identities: { type: 'any' },
      address: { type: 'any' },
      language: { type: 'string' },
      ownerId: { type: 'string' },
      team: { type: 'string' },
      // As JSON: numbers of a table have other bounds than those of JSON.
      attributes: { type: 'string' },
      preferences: { type: 'any' },
      via: { type: vias },
      createdAt: { type: 'string', required: true },
      updatedAt: { type: 'string', required: true },
      version: { type: 'number', required: true },
      requestFingerprint: { type: 'string' },
      change: { type: 'any' },
    },
    indexes: {
      customer: {
        pk: ownPartition,
        sk: { field: 'sk', composite: [], template: 'view#profile', casing: 'none' },
      },
      byOwner: {
        index: 'gsi1',
        condition: ({ ownerId }: { readonly ownerId?: string }) => ownerId !== nobody,
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
      byName: {
        index: 'gsi2',
        pk: {
          field: 'gsi2pk',
          composite: ['tenant', 'nameStart'],
          template: '${tenant}#name#${nameStart}',
          casing: 'none',
        },
        sk: {
          field: 'gsi2sk',
          composite: ['nameKey', 'id'],
          template: '${nameKey}#${id}',
          casing: 'none',
        },
      },
    },
  } as const,
  crmTable,
);

const putProfile = putterFor(profiles);

/** What is told of a customer. */
export const customerAttributes = attributesOf(profiles, 'nameKey', 'nameStart');

const readCustomer = reading(customerAttributes);

/** Reads a profile row, as a query over the customer's partition finds it. */
export function toCustomer(row: Row): Customer {
  const { ownerId, attributes, ...customer } = readCustomer(row);
  return {
    // Those of before it was recorded came by the API.
    via: 'API',
    ...customer,
    ...(ownerId === nobody ? {} : { ownerId }),
    ...(attributes ? { attributes: JSON.parse(attributes as string) } : {}),
  } as unknown as Customer;
}

/** The customer, as last written; undefined when there is none. */
export async function getCustomer(id: string): Promise<Customer | undefined> {
  if (!isCustomerId(id)) return undefined;
  const row = await getRow({ pk: `${tenant}#${id}`, sk: 'view#profile' }, { consistent: true });
  return row && toCustomer(row);
}

/** @throws Refusal `CUSTOMER.NOT_FOUND` when there is no such customer. */
export async function knownCustomer(id: string): Promise<Customer> {
  return (await getCustomer(id)) ?? notFound(id);
}

/** Customers by id; who is not there is left out. */
export async function getCustomers(
  ids: Iterable<string>,
  consistency: Consistency = { consistent: true },
): Promise<Map<string, Customer>> {
  const customers = (await readProfiles(ids, consistency)).map(toCustomer);
  return new Map(customers.map((customer) => [customer.id, customer]));
}

/** A customer to change, and what a change must not lose. */
export interface StoredCustomer {
  readonly customer: Customer;
  /** Of the request that made the customer: by it a late retry is recognised. */
  readonly requestFingerprint: string | undefined;
}

/** @throws Refusal `CUSTOMER.NOT_FOUND` when there is no such customer. */
export async function customerToChange(id: string): Promise<StoredCustomer> {
  const [row] = await readProfiles([id]);
  if (!row) return notFound(id);
  return {
    customer: toCustomer(row),
    requestFingerprint: row.requestFingerprint as string | undefined,
  };
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
    { Put: putProfile(toRow(customer, { requestFingerprint, change }), ifNew) },
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
  before: StoredCustomer,
  { customer, change, added, removed }: Required<CustomerUpdate>,
  request: ClientRequest | undefined,
): Promise<'written' | 'stale' | 'repeated'> {
  const row = toRow(customer, { change, requestFingerprint: before.requestFingerprint });
  const conflicts = await write([
    { Put: putProfile(row, ifAtVersion(before.customer.version)) },
    ...added.map((identity) => claim(identity, customer.id)),
    ...removed.map((identity) => release(identity, customer.id)),
    ...(request ? [requestOperation(request, customer.id)] : []),
  ]);
  if (!conflicts) return 'written';
  const made = request ? conflicts[1 + added.length + removed.length] : undefined;
  if (made && request) return requestMade(made, request.fingerprint);
  if (conflicts[0]) return isOwn(conflicts[0], change) ? 'written' : 'stale';
  throw firstTaken(added, conflicts.slice(1));
}

/** Whether this very change stands in its own way: the client sent the write again when its answer was lost. */
function isOwn({ change }: Row, { id }: Change): boolean {
  return (change as Change | undefined)?.id === id;
}

/** The rows of profiles, as last written unless it is said otherwise; who is not there is left out. */
export async function readProfiles(
  ids: Iterable<string>,
  consistency: Consistency = { consistent: true },
): Promise<Row[]> {
  const known = [...new Set(ids)].filter(isCustomerId);
  const rows = await Promise.all(
    known.map((id) => getRow({ pk: `${tenant}#${id}`, sk: 'view#profile' }, consistency)),
  );
  return rows.filter((row) => row !== undefined);
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

function toRow(customer: Customer, stamps: { change: Change; requestFingerprint: string | undefined }) {
  const nameKey = foldName(customer.name);
  const nameStart = startOfName(nameKey);
  const attributes = customer.attributes && JSON.stringify(customer.attributes);
  const ownerId = customer.ownerId ?? nobody;
  return { ...customer, ...stamps, attributes, tenant, nameKey, nameStart, ownerId };
}

function sameRequest(row: Row, requestFingerprint: string): Customer {
  if (row.requestFingerprint === requestFingerprint) return toCustomer(row);
  throw new Refusal(
    'REQUEST.ID_REUSED',
    'The clientRequestId made another customer: give each request its own',
    {
      field: 'clientRequestId',
      id: row.id,
    },
  );
}
