import * as v from 'valibot';
import { type Cause, type Change, stamp } from '../change.ts';
import { Refusal } from '../errors.ts';
import { checkInput, optional, text } from '../input.ts';
import { type Money, minorDigits } from '../money.ts';
import { currencyCode } from '../money-input.ts';

/** What the firm sells, by source and code. */
export interface Product {
  readonly id: string;
  readonly source: string;
  readonly code: string;
  readonly name: string;
  readonly category?: string | undefined;
  /** The list price of a unit. */
  readonly price?: Money | undefined;
  /** Whether it is still sold. */
  readonly active: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

const price = v.pipe(
  v.object({
    amount: v.pipe(
      v.string(),
      v.regex(
        /^\d{1,15}(\.\d{1,10})?$/,
        (issue) => `${issue.received} is not a price: write a decimal such as 2.55`,
      ),
    ),
    currency: currencyCode,
  }),
  v.forward(
    v.check(
      ({ amount, currency }) => decimalsOf(amount).length <= minorDigits(currency),
      ({ input }) =>
        `${input.amount} has too many decimals: ${input.currency} has ${minorDigits(input.currency)}`,
    ),
    ['amount'],
  ),
  v.transform(
    ({ amount, currency }): Money => ({
      amount: withDecimals(amount, minorDigits(currency)),
      currency,
    }),
  ),
);

const source = text(64);

const commandSchema = v.object({
  expectedVersion: optional(v.number()),
  source,
  code: text(64),
  name: v.optional(text(256)),
  category: optional(text(128)),
  price: optional(price),
  active: v.optional(v.boolean()),
});

/** A product to record or to change, in canonical form: absent stays, null is cleared. */
export type RecordProduct = v.InferOutput<typeof commandSchema>;

/** @throws Refusal `INPUT.INVALID` */
export const checkRecordProduct = (input: unknown): RecordProduct => checkInput(commandSchema, input);

/** @throws Refusal `INPUT.INVALID` */
export const checkSource = (input: unknown): string =>
  checkInput(v.object({ source }), { source: input }).source;

const changeable = ['name', 'category', 'price', 'active'] as const;

/**
 * Records a product, or changes the one that is there; `change` is absent when nothing differs.
 *
 * @param current undefined when there is none, which is version 0
 * @throws Refusal `PRODUCT.VERSION_STALE`, `INPUT.INVALID` for a new product without a name
 */
export function recordProduct(
  id: string,
  current: Product | undefined,
  command: RecordProduct,
  cause: Cause,
): { product: Product; change?: Change } {
  checkVersion(id, current, command.expectedVersion);
  const { source, code, name = current?.name } = command;
  if (name === undefined) {
    throw new Refusal('INPUT.INVALID', `name: is needed for ${code} of ${source}, which is new`, {
      field: 'name',
    });
  }
  const { category = current?.category, price = current?.price, active = current?.active ?? true } = command;
  const wanted = { name, category, price, active };
  const changedFields = changeable.filter((field) => print(wanted[field]) !== print(current?.[field]));
  if (current && changedFields.length === 0) return { product: current };

  const product: Product = {
    id,
    source,
    code,
    name,
    ...(category ? { category } : {}),
    ...(price ? { price } : {}),
    active,
    createdAt: current?.createdAt ?? cause.at,
    updatedAt: cause.at,
    version: (current?.version ?? 0) + 1,
  };
  const change = stamp(cause, {
    type: 'crm.product.recorded.v1',
    subject: id,
    sequence: product.version,
    data: { productId: id, changedFields },
  });
  return { product, change };
}

function checkVersion(id: string, current: Product | undefined, expected: number | null | undefined): void {
  const version = current?.version ?? 0;
  if (expected === undefined || expected === null || expected === version) return;
  const what = current ? `is at version ${version}, not ${expected}` : 'is not recorded yet';
  throw new Refusal('PRODUCT.VERSION_STALE', `${id} ${what}: fetch it and decide again`, {
    field: 'expectedVersion',
    value: expected,
    version,
    productId: id,
  });
}

/** Equal for equal values; the parts of a price come from the table in any order. */
function print(value: Product[(typeof changeable)[number]] | null): string {
  return typeof value === 'object' && value
    ? `${value.amount} ${value.currency}`
    : JSON.stringify(value ?? null);
}

const decimalsOf = (amount: string) => amount.split('.')[1] ?? '';

function withDecimals(amount: string, digits: number): string {
  const [units = '0'] = amount.split('.');
  const whole = units.replace(/^0+(?=\d)/, '');
  return digits === 0 ? whole : `${whole}.${decimalsOf(amount).padEnd(digits, '0')}`;
}
