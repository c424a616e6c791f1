import { WrongInput } from './wrong-input.ts';

/** What the import reads of a row. */
export const fieldNames = [
  'invoice',
  'code',
  'description',
  'quantity',
  'placedAt',
  'unitPrice',
  'customer',
  'country',
  'name',
  'email',
] as const;

export type Field = (typeof fieldNames)[number];

export const isField = (name: string): name is Field => (fieldNames as readonly string[]).includes(name);

const optionalFields: ReadonlySet<Field> = new Set(['description', 'country', 'name', 'email']);

/** The names by which columns map by themselves, in lower case: the field's own, and the UCI Online Retail file's. */
const usualNames: Readonly<Record<Field, readonly string[]>> = {
  invoice: ['invoice', 'invoiceno'],
  code: ['code', 'stockcode'],
  description: ['description'],
  quantity: ['quantity'],
  placedAt: ['placedat', 'invoicedate'],
  unitPrice: ['unitprice'],
  customer: ['customer', 'customerid'],
  country: ['country'],
  name: ['name'],
  email: ['email'],
};

/** Where in a row each field is, from 0; what is not in the file is left out. */
export type Columns = Readonly<Partial<Record<Field, number>>>;

/**
 * Finds the column of each field, by the mapping or else by its usual name; case does not matter.
 *
 * @throws WrongInput naming the column or field and what the file has.
 */
export function findColumns(header: readonly string[], mapping: ReadonlyMap<Field, string>): Columns {
  const found: Partial<Record<Field, number>> = {};
  for (const field of fieldNames) {
    const index = columnOf(header, field, usualNames[field], mapping.get(field));
    if (index !== undefined) found[field] = index;
    else if (!optionalFields.has(field)) {
      throw new WrongInput(
        `no column holds the ${field}: say which with --map COLUMN=${field}; the file has ${list(header)}`,
      );
    }
  }
  return found;
}

/**
 * The column of one field: the mapped one or else the one with a usual name, in lower case; undefined when there is none.
 *
 * @throws WrongInput when the mapped one is not there, or two could be meant
 */
export function columnOf(
  header: readonly string[],
  field: string,
  usual: readonly string[],
  mapped: string | undefined,
): number | undefined {
  const names = header.map((name) => name.trim().toLowerCase());
  return mapped === undefined ? findUsual(names, field, usual) : findMapped(names, mapped, header);
}

function findUsual(names: readonly string[], field: string, usual: readonly string[]): number | undefined {
  const [first, second] = [...names.entries()].filter(([, name]) => usual.includes(name));
  if (first && second) {
    throw new WrongInput(
      `columns ${first[0] + 1} (${first[1]}) and ${second[0] + 1} (${second[1]}) could both be the ${field}: name one with --map`,
    );
  }
  return first?.[0];
}

function findMapped(names: readonly string[], wanted: string, header: readonly string[]): number {
  const index = names.indexOf(wanted.toLowerCase());
  if (index < 0)
    throw new WrongInput(`there is no column ${JSON.stringify(wanted)}; the file has ${list(header)}`);
  if (names.lastIndexOf(wanted.toLowerCase()) !== index) {
    throw new WrongInput(`two columns are called ${JSON.stringify(wanted)}: rename one of them`);
  }
  return index;
}

const list = (header: readonly string[]) => header.join(', ');
