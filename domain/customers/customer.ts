import * as v from 'valibot';
import { type Cause, type Change, stamp } from '../change.ts';
import { Refusal } from '../errors.ts';
import { checkInput, clientRequestId, optional, text } from '../input.ts';
import { type Identity, identitySchema, mergeIdentities } from './identity.ts';

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
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const country = v.pipe(
  v.string(),
  v.check(
    (code) => /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regionNames.of(code) !== undefined,
    (issue) => `${JSON.stringify(issue.input)} is no country of ISO 3166-1 alpha-2: write it as GB`,
  ),
);

const language = v.pipe(
  v.string(),
  v.check(
    isLanguageTag,
    (issue) => `${JSON.stringify(issue.input)} is no language tag: write it as en or it-CH`,
  ),
);

const address = v.object({
  lines: optional(v.pipe(v.array(text(128)), v.maxLength(5, 'an address has at most 5 lines'))),
  city: optional(text(128)),
  region: optional(text(128)),
  postalCode: optional(text(32)),
  country: optional(country),
});

const profile = {
  givenName: optional(text(128)),
  familyName: optional(text(128)),
  address: optional(address),
  language: optional(language),
  ownerId: optional(text(128)),
  team: optional(text(64)),
};

const kind = v.picklist(['PERSON', 'COMPANY']);

const createSchema = v.object({
  clientRequestId,
  kind,
  name: text(256),
  ...profile,
  identities: optional(v.array(identitySchema)),
});

const updateSchema = v.object({
  clientRequestId,
  id: text(64),
  expectedVersion: optional(v.number()),
  kind: v.optional(kind),
  name: v.optional(text(256)),
  ...profile,
  addIdentities: optional(v.array(identitySchema)),
  removeIdentities: optional(v.array(identitySchema)),
});

/** A customer to add, in canonical form. */
export type CreateCustomer = v.InferOutput<typeof createSchema>;

/** Changes to a customer, in canonical form: absent stays, null is cleared. */
export type UpdateCustomer = v.InferOutput<typeof updateSchema>;

/** @throws Refusal `INPUT.INVALID` */
export const checkCreateCustomer = (input: unknown): CreateCustomer => checkInput(createSchema, input);

/** @throws Refusal `INPUT.INVALID` */
export const checkUpdateCustomer = (input: unknown): UpdateCustomer => checkInput(updateSchema, input);

/**
 * Adds a customer under the id that the shell derived; who adds it looks after it unless the input names another.
 *
 * @throws Refusal `CUSTOMER.IDENTITY_LIMIT`
 */
export function createCustomer(
  id: string,
  command: CreateCustomer,
  owner: { readonly ownerId: string; readonly team?: string | undefined },
  cause: Cause,
): { customer: Customer; change: Change } {
  const { identities } = mergeIdentities([], command.identities ?? [], []);
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
    createdAt: cause.at,
    updatedAt: cause.at,
    version: 1,
  });
  const change = stamp(cause, {
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
] as const;

/** What an update comes to; `change` is absent when nothing differs. */
export interface CustomerUpdate {
  readonly customer: Customer;
  readonly added: readonly Identity[];
  readonly removed: readonly Identity[];
  readonly change?: Change;
}

/**
 * Changes a customer.
 *
 * @throws Refusal `CUSTOMER.VERSION_STALE` when the client has seen another version, `CUSTOMER.IDENTITY_LIMIT`.
 */
export function updateCustomer(current: Customer, command: UpdateCustomer, cause: Cause): CustomerUpdate {
  checkVersion(current, command.expectedVersion);
  const { identities, added, removed } = mergeIdentities(
    current.identities,
    command.addIdentities ?? [],
    command.removeIdentities ?? [],
  );
  const wanted: Record<string, unknown> = { ...current };
  for (const field of updatable) {
    if (command[field] === undefined) continue;
    wanted[field] = field === 'address' ? compact(command.address) : command[field];
  }
  const changedFields: string[] = updatable.filter(
    (field) => JSON.stringify(wanted[field] ?? null) !== JSON.stringify(current[field] ?? null),
  );
  if (added.length > 0 || removed.length > 0) changedFields.push('identities');
  if (changedFields.length === 0) return { customer: current, added, removed };

  const customer = withoutEmpty({
    ...(wanted as unknown as Customer),
    identities,
    updatedAt: cause.at,
    version: current.version + 1,
  });
  const change = stamp(cause, {
    type: 'crm.customer.updated.v1',
    subject: customer.id,
    sequence: customer.version,
    data: { customerId: customer.id, changedFields },
  });
  return { customer, added, removed, change };
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

function compact(address: CreateCustomer['address']): Address | undefined {
  const parts = Object.entries(address ?? {})
    .filter(([, part]) => part !== null && part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
}

/** Absent and cleared fields look alike: both are not there. */
function withoutEmpty(fields: { readonly [K in keyof Customer]: Customer[K] | null | undefined }): Customer {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as Customer;
}

function isLanguageTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
