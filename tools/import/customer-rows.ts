import type { CustomerKind } from './args.ts';
import type { Grant } from './consents.ts';
import { countryCode } from './countries.ts';
import type { CsvRow } from './csv.ts';
import { type CustomerColumns, type CustomerField, grantOf } from './customer-columns.ts';
import type { Refusal } from './rows.ts';
import { readTime, toUtc } from './times.ts';
import { WrongInput } from './wrong-input.ts';

export interface Identity {
  readonly kind: 'EXTERNAL_ID' | 'EMAIL' | 'PHONE';
  readonly value: string;
  readonly source?: string | null;
}

/** A customer as a row gives one; what its cells leave empty is not known and left out. */
export interface CustomerRow {
  readonly row: CsvRow;
  /** In the order in which a customer is looked for: external id, e-mail, phone. */
  readonly identities: readonly Identity[];
  readonly profile: Profile;
  readonly address: Readonly<Partial<Record<'city' | 'region' | 'postalCode' | 'country', string>>> & {
    readonly lines?: readonly string[];
  };
  readonly attributes: Readonly<Record<string, string>>;
  readonly grants: readonly Grant[];
  /** When the customer granted that, in UTC; undefined when the row grants nothing. */
  readonly statedAt: string | undefined;
  /** What stands in place of a country and is none. */
  readonly unknownCountry: string | undefined;
}

export interface Profile {
  readonly kind?: CustomerKind;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly language?: string;
}

export interface RowOptions {
  readonly source: string;
  /** Of all customers of the file. */
  readonly consents: readonly Grant[];
  /** When they granted that, where a row does not say. */
  readonly statedAt?: string;
  readonly timezone: string;
}

/** Reads a row by the columns of its file. It is judged alone; what other rows say does not matter. */
export function readCustomerRow(
  row: CsvRow,
  columns: CustomerColumns,
  { source, consents, statedAt: usualTime, timezone }: RowOptions,
): CustomerRow | Refusal {
  const cell = (index: number | undefined) => (index === undefined ? '' : (row.values[index] ?? '').trim());
  const text = (field: CustomerField) => cell(columns.fields[field]);
  const [id, email, phone] = [text('id'), text('email'), text('phone')];
  if (!id && !email && !phone) return refuse('no identity', 'the row has neither id nor email nor phone');

  const kind = text('kind').toUpperCase();
  if (kind && kind !== 'PERSON' && kind !== 'COMPANY') {
    return refuse('unreadable kind', `${JSON.stringify(text('kind'))} is not a kind: PERSON or COMPANY`);
  }
  let grants: readonly Grant[];
  try {
    grants = grantsOf(columns, cell, consents);
  } catch (error) {
    if (error instanceof WrongInput) return refuse('unreadable basis', error.message);
    throw error;
  }
  const said = readTime(text('consentedAt'));
  if (text('consentedAt') && !said) {
    const value = JSON.stringify(text('consentedAt'));
    return refuse('unreadable time', `${value} is not a time: write it as 2026-01-31 09:30`);
  }
  const statedAt = said ? toUtc(said, timezone) : usualTime;
  if (grants.length > 0 && !statedAt) {
    return refuse('no time of consent', 'the row says what is granted and not when: fill consentedAt');
  }
  const country = text('country');
  const [givenName, familyName] = [text('givenName'), text('familyName')];
  return {
    row,
    identities: [
      ...(id ? [{ kind: 'EXTERNAL_ID', value: id, source } as const] : []),
      ...(email ? [{ kind: 'EMAIL', value: email.toLowerCase() } as const] : []),
      ...(phone ? [{ kind: 'PHONE', value: phone.replace(/[\s()./-]/g, '') } as const] : []),
    ],
    profile: filled({
      kind: kind || undefined,
      name: text('name') || [givenName, familyName].filter(Boolean).join(' '),
      givenName,
      familyName,
      language: text('language'),
    }) as Profile,
    address: filled({
      lines: text('street') ? text('street').split(/\s*\n\s*/) : undefined,
      city: text('city'),
      region: text('region'),
      postalCode: text('postalCode'),
      country: countryCode(country),
    }),
    attributes: Object.fromEntries(
      [...columns.attributes].flatMap(([name, at]) => (cell(at) ? [[name, cell(at)]] : [])),
    ),
    grants,
    statedAt: grants.length > 0 ? statedAt : undefined,
    unknownCountry: country && !countryCode(country) ? country : undefined,
  };
}

export const isRefused = (row: CustomerRow | Refusal): row is Refusal => 'reason' in row;

/** What the row's own cells grant, and what all customers of the file do; the cell counts where both say something. */
function grantsOf(
  { consents: cells }: CustomerColumns,
  cell: (index: number) => string,
  ofAll: readonly Grant[],
): Grant[] {
  const own = [...cells].flatMap(([purpose, index]) =>
    cell(index) ? [grantOf(purpose, cell(index).toUpperCase())] : [],
  );
  return [...own, ...ofAll.filter(({ purpose }) => own.every((grant) => grant.purpose !== purpose))];
}

type Filled<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

function filled<T extends object>(fields: T): Filled<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Filled<T>;
}

const refuse = (reason: string, detail: string): Refusal => ({ reason, detail });
