import { type Cause, type Change, stamp, withVia } from '../change.ts';
import { Refusal } from '../errors.ts';
import type { Channel } from '../interactions/channel.ts';
import type { Via } from '../via.ts';
import { type WithoutNull, withoutEmpty } from '../without-empty.ts';
import { type Attributes, changeAttributes } from './attributes.ts';
import type { CreateCustomer, UpdateCustomer } from './customer-input.ts';
import { type Identity, mergeIdentities } from './identity.ts';

export type CustomerKind = 'PERSON' | 'COMPANY';

/** A postal address; a part that is not known is absent. */
export interface Address {
  readonly lines?: readonly string[] | undefined;
  readonly city?: string | undefined;
  readonly region?: string | undefined;
  readonly postalCode?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
}

/** How a customer wants to be treated; what is not known is absent. */
export interface Preferences {
  /** The channel on which the customer is best reached. */
  readonly channel?: Channel | undefined;
  /** What the customer wants to hear about. */
  readonly topics?: readonly string[] | undefined;
}

/** Whom the firm serves or wants to serve. */
export interface Customer {
  readonly id: string;
  readonly kind: CustomerKind;
  readonly name: string;
  readonly givenName?: string | undefined;
  readonly familyName?: string | undefined;
  readonly identities: readonly Identity[];
  readonly address?: Address | undefined;
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly ownerId?: string | undefined;
  readonly team?: string | undefined;
  readonly attributes?: Attributes | undefined;
  readonly preferences?: Preferences | undefined;
  readonly via: Via;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

/**
 * Adds a customer under the id that the shell derived; who adds it looks after it unless the input names another.
 *
 * @throws Refusal `CUSTOMER.IDENTITY_LIMIT`, `INPUT.INVALID` for too many attributes
 */
export function createCustomer(
  id: string,
  command: CreateCustomer,
  owner: { readonly ownerId: string; readonly team?: string | undefined },
  cause: Cause,
): { customer: Customer; change: Change } {
  const { identities } = mergeIdentities([], command.identities ?? [], []);
  const via = command.via ?? 'API';
  const customer = withoutEmpty({
    id,
    kind: command.kind,
    name: command.name,
    givenName: command.givenName,
    familyName: command.familyName,
    identities,
    address: compact(command.address),
    language: command.language,
    ownerId: command.ownerId ?? owner.ownerId,
    team: command.team ?? owner.team,
    attributes: changeAttributes(undefined, command.attributes ?? {}),
    preferences: compact(command.preferences),
    via,
    createdAt: cause.at,
    updatedAt: cause.at,
    version: 1,
  });
  const change = stamp(withVia(cause, via), {
    type: 'crm.customer.created.v1',
    subject: id,
    sequence: 1,
    data: { customerId: id, kind: customer.kind },
  });
  return { customer, change };
}

const updatable = [
  'kind',
  'name',
  'givenName',
  'familyName',
  'address',
  'language',
  'ownerId',
  'team',
  'attributes',
  'preferences',
] as const;

/** What an update comes to; `change` is absent when nothing differs. */
export interface CustomerUpdate {
  readonly customer: Customer;
  readonly added: readonly Identity[];
  readonly removed: readonly Identity[];
  readonly change?: Change;
}

/**
 * Most identities that one update takes and gives up: with the profile and the record of the request they are the 100
 * items of a transaction (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
 */
export const mostIdentityChanges = 98;

/**
 * Changes a customer.
 *
 * @throws Refusal `CUSTOMER.VERSION_STALE` when the client has seen another version, `CUSTOMER.IDENTITY_LIMIT`,
 * `INPUT.INVALID` for too many changes of identities, or too many attributes.
 */
export function updateCustomer(current: Customer, command: UpdateCustomer, cause: Cause): CustomerUpdate {
  checkVersion(current, command.expectedVersion);
  const { identities, added, removed } = mergeIdentities(
    current.identities,
    command.addIdentities ?? [],
    command.removeIdentities ?? [],
  );
  checkIdentityChanges(added.length + removed.length);
  const wanted: Record<string, unknown> = { ...current };
  for (const field of updatable) {
    if (command[field] === undefined) continue;
    wanted[field] = wantedOf(field, current, command);
  }
  const changedFields: string[] = updatable.filter(
    (field) => canonical(wanted[field]) !== canonical(current[field]),
  );
  if (added.length > 0 || removed.length > 0) changedFields.push('identities');
  if (changedFields.length === 0) return { customer: current, added, removed };

  const customer = withoutEmpty({
    ...(wanted as unknown as Customer),
    identities,
    updatedAt: cause.at,
    version: current.version + 1,
  });
  const change = stamp(withVia(cause, command.via ?? 'API'), {
    type: 'crm.customer.updated.v1',
    subject: customer.id,
    sequence: customer.version,
    data: { customerId: customer.id, changedFields },
  });
  return { customer, added, removed, change };
}

function wantedOf(field: (typeof updatable)[number], current: Customer, command: UpdateCustomer): unknown {
  if (field === 'address' || field === 'preferences') return compact<object>(command[field]);
  if (field !== 'attributes') return command[field];
  return command.attributes ? changeAttributes(current.attributes, command.attributes) : undefined;
}

/** @throws Refusal `CUSTOMER.VERSION_STALE` with the current version. */
export function checkVersion(current: Customer, expected: number | null | undefined): void {
  if (expected === undefined || expected === null || expected === current.version) return;
  throw new Refusal(
    'CUSTOMER.VERSION_STALE',
    `${current.id} is at version ${current.version}, not ${expected}: fetch it and decide again`,
    { field: 'expectedVersion', value: expected, version: current.version, customerId: current.id },
  );
}

function checkIdentityChanges(changes: number): void {
  if (changes <= mostIdentityChanges) return;
  throw new Refusal(
    'INPUT.INVALID',
    `addIdentities: ${changes} identities come and go; at most ${mostIdentityChanges} can at once: use two updates`,
    { field: 'addIdentities', value: changes },
  );
}

/** The parts that are there; nothing when there are none. */
function compact<T extends object>(whole: T | null | undefined): WithoutNull<T> | undefined {
  const parts = withoutEmpty(whole ?? {});
  return Object.keys(parts).length > 0 ? (parts as WithoutNull<T>) : undefined;
}

/** Equal for equal values; the parts of an object come from the table in any order. */
function canonical(value: unknown): string {
  const isRecord = typeof value === 'object' && value !== null;
  return JSON.stringify(
    isRecord ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : (value ?? null),
  );
}
