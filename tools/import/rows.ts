import type { Columns, Field } from './columns.ts';
import type { CsvRow } from './csv.ts';
import { type FileTime, readTime } from './times.ts';

/** A row that can be taken: one line of an invoice of a known customer. */
export interface Line {
  readonly invoice: string;
  readonly customer: string;
  readonly placedAt: FileTime;
  readonly code: string;
  readonly description: string;
  /** A decimal other than zero. */
  readonly quantity: string;
  /** A decimal, not negative, with all its decimals. */
  readonly unitPrice: string;
  readonly country: string;
  readonly name: string;
  readonly email: string;
}

/** Why a row is not taken. */
export interface Refusal {
  /** A few words that many rows share. */
  readonly reason: string;
  /** What is wrong with this one, and the remedy. */
  readonly detail: string;
}

/** Reads a row by the columns of its file. It is judged alone; what other rows say does not matter. */
export function readRow(row: CsvRow, columns: Columns): Line | Refusal {
  const text = (field: Field): string => {
    const index = columns[field];
    return index === undefined ? '' : (row.values[index] ?? '').trim();
  };
  const [invoice, code, customer] = [text('invoice'), text('code'), withoutZeroDecimals(text('customer'))];
  if (!customer) return refuse('no customer', 'the row names no customer');
  if (!invoice) return refuse('no invoice', 'the row names no invoice');
  if (!code) return refuse('no code', 'the row names no product or charge');

  const quantity = readDecimal(text('quantity'));
  if (quantity === undefined) return unreadable('quantity', text('quantity'), '6 or -1');
  if (isZero(quantity)) return refuse('quantity of zero', 'a quantity of zero says nothing');

  const unitPrice = readDecimal(text('unitPrice'));
  if (unitPrice === undefined) return unreadable('price', text('unitPrice'), '2.55');
  if (unitPrice.startsWith('-')) {
    return refuse('negative price', `the price ${unitPrice} is negative: make the quantity negative instead`);
  }

  const placedAt = readTime(text('placedAt'));
  if (placedAt === undefined) return unreadable('time', text('placedAt'), '2011-02-01 11:19:00');

  const [description, country, name, email] = [
    text('description'),
    text('country'),
    text('name'),
    text('email'),
  ];
  return { invoice, customer, placedAt, code, description, quantity, unitPrice, country, name, email };
}

export const isRefusal = (row: Line | Refusal): row is Refusal => 'reason' in row;

/** A number that passed through a column of floating-point numbers: `17850.0` is `17850`. */
function withoutZeroDecimals(id: string): string {
  return id.replace(/^(\d+)\.0+$/, '$1');
}

/** A plain decimal as the API takes it: `+6` and `.5` become `6` and `0.5`; undefined for anything else. */
function readDecimal(text: string): string | undefined {
  const [, sign, whole = '', decimals = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (sign === undefined || whole + decimals === '') return undefined;
  return `${sign === '-' ? '-' : ''}${whole || '0'}${decimals ? `.${decimals}` : ''}`;
}

const isZero = (decimal: string) => /^-?[0.]+$/.test(decimal);

const refuse = (reason: string, detail: string): Refusal => ({ reason, detail });

function unreadable(what: string, value: string, example: string): Refusal {
  const detail = value === '' ? `the row has no ${what}` : `${JSON.stringify(value)} is not a ${what}`;
  return refuse(`unreadable ${what}`, `${detail}: write it as ${example}`);
}
