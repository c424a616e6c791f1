import { columnOf } from './columns.ts';
import { type Grant, purposes, readGrant } from './consents.ts';
import { WrongInput } from './wrong-input.ts';

/** What the import reads of a customer's row. */
export const customerFieldNames = [
  'id',
  'kind',
  'name',
  'givenName',
  'familyName',
  'email',
  'phone',
  'language',
  'street',
  'city',
  'region',
  'postalCode',
  'country',
  'consentedAt',
] as const;

export type CustomerField = (typeof customerFieldNames)[number];

export const isCustomerField = (name: string): name is CustomerField =>
  (customerFieldNames as readonly string[]).includes(name);

/** Names by which columns map by themselves beside the field's own, in lower case. */
const otherNames: Readonly<Partial<Record<CustomerField, readonly string[]>>> = {
  id: ['customer', 'customerid', 'externalid'],
  email: ['e-mail'],
};

/** Where in a row everything is, from 0. */
export interface CustomerColumns {
  readonly fields: Readonly<Partial<Record<CustomerField, number>>>;
  /** Of `attribute:NAME`, by name. */
  readonly attributes: ReadonlyMap<string, number>;
  /** Of `consent:PURPOSE`, by purpose; the cells hold the basis. */
  readonly consents: ReadonlyMap<Grant['purpose'], number>;
}

/** @throws WrongInput naming the column and what is possible */
export function findCustomerColumns(
  header: readonly string[],
  mapping: ReadonlyMap<CustomerField, string>,
): CustomerColumns {
  const fields: Partial<Record<CustomerField, number>> = {};
  for (const field of customerFieldNames) {
    const usual = [field.toLowerCase(), ...(otherNames[field] ?? [])];
    const index = columnOf(header, field, usual, mapping.get(field));
    if (index !== undefined) fields[field] = index;
  }
  if (fields.id === undefined && fields.email === undefined && fields.phone === undefined) {
    throw new WrongInput(
      `no column holds id, email or phone, and by one of them a customer is recognised: say which with --map COLUMN=id; the file has ${header.join(', ')}`,
    );
  }
  return { fields, attributes: prefixed(header, 'attribute:'), consents: consentColumns(header) };
}

function consentColumns(header: readonly string[]): Map<Grant['purpose'], number> {
  const columns = new Map<Grant['purpose'], number>();
  for (const [name, index] of prefixed(header, 'consent:')) {
    const purpose = purposes.find((known) => known === name);
    if (purpose) columns.set(purpose, index);
    else {
      throw new WrongInput(
        `column consent:${name}: there is no purpose ${JSON.stringify(name)}; there are ${purposes.join(', ')}`,
      );
    }
  }
  return columns;
}

function prefixed(header: readonly string[], prefix: string): Map<string, number> {
  const columns = new Map<string, number>();
  for (const [index, column] of header.entries()) {
    if (!column.trim().toLowerCase().startsWith(prefix)) continue;
    const name = column.trim().slice(prefix.length).trim();
    if (!name) throw new WrongInput(`column ${index + 1} (${column}) lacks the name after the colon`);
    if (columns.has(name))
      throw new WrongInput(`two columns are called ${prefix}${name}: rename one of them`);
    columns.set(name, index);
  }
  return columns;
}

/** @throws WrongInput naming what there is */
export const grantOf = (purpose: Grant['purpose'], basis: string): Grant =>
  readGrant(`${purpose}=${basis}`, `consent:${purpose}`);
