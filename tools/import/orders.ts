import Big from 'big.js';
import type { Api } from '../client/api.ts';
import type { ImportOptions } from './args.ts';
import { type RowResult, sendRows } from './batch.ts';
import type { Invoice } from './invoices.ts';
import { shift, toUtc } from './times.ts';

/** What the API takes at most in a batch, and how many lines we send at most: about 200 kB, well within its time. */
export const mostInBatch = { rows: 100, weight: 1500 };

const placeOrders = `mutation ImportOrders($input: PlaceOrdersInput!) {
  placeOrders(input: $input) {
    results { index created order { kind total { amount currency } } error { code message info } }
  }
}`;

/** What the API says about an order. */
export interface OrderResult extends RowResult {
  readonly created?: boolean | null;
  readonly order?: {
    readonly kind: 'SALE' | 'RETURN';
    readonly total: { readonly amount: string; readonly currency: string };
  } | null;
}

/** An invoice, and who its customer is in the CRM. */
export interface Placing {
  readonly invoice: Invoice;
  readonly customerId: string;
}

type OrderOptions = Pick<ImportOptions, 'source' | 'currency' | 'timezone' | 'charges'> & {
  readonly shiftDays: number;
};

/** Places the orders in one request and gives the result of each. */
export async function sendOrders(
  placings: readonly Placing[],
  options: OrderOptions,
  api: Api,
): Promise<OrderResult[]> {
  const inputs = placings.map((placing) => toInput(placing, options));
  return sendRows(inputs, async (orders) => {
    const answer = await api<{ placeOrders: { results: OrderResult[] } }>(placeOrders, { input: { orders } });
    return answer.placeOrders.results;
  });
}

/** The order as the API takes it. */
export function toInput({ invoice, customerId }: Placing, options: OrderOptions) {
  return {
    customerId,
    source: options.source,
    externalId: invoice.number,
    kind: kindOf(invoice),
    // What is billed is done.
    state: 'FULFILLED',
    placedAt: toUtc(shift(invoice.placedAt, options.shiftDays), options.timezone),
    currency: options.currency,
    via: 'IMPORT',
    lines: invoice.lines.map(({ code, description, quantity, unitPrice }) => ({
      kind: options.charges.has(code) ? 'CHARGE' : 'PRODUCT',
      code,
      ...(description ? { description } : {}),
      quantity,
      unitPrice,
    })),
  };
}

/**
 * A return is what comes to less than nothing. What comes to nothing at all (free samples) is one when its number
 * starts with a C before digits, as cancellations are numbered, or when nothing in it went to the customer.
 */
export function kindOf({ number, lines }: Pick<Invoice, 'number' | 'lines'>): 'SALE' | 'RETURN' {
  const total = lines.reduce(
    (sum, line) => sum.plus(new Big(line.quantity).times(line.unitPrice)),
    new Big(0),
  );
  if (!total.eq(0)) return total.lt(0) ? 'RETURN' : 'SALE';
  const nothingWent = lines.every(({ quantity }) => quantity.startsWith('-'));
  return nothingWent || /^C\d+$/.test(number) ? 'RETURN' : 'SALE';
}
