import Big from 'big.js';
import * as v from 'valibot';
import { type Cause, type Change, stamp, withVia } from '../change.ts';
import { Refusal } from '../errors.ts';
import type { EventData } from '../events.ts';
import { checkInput, instant, optional, text, via } from '../input.ts';
import { type Money, round } from '../money.ts';
import { currencyCode, decimal } from '../money-input.ts';
import type { Via } from '../via.ts';
import { exchange, type Reporting, rateOf } from './exchange.ts';
import { type OrderState, orderStates } from './order-state.ts';

export type OrderKind = 'SALE' | 'RETURN';
export type OrderLineKind = 'PRODUCT' | 'CHARGE';

/** A line as it stood in its source; equal lines are kept apart by their number. */
export interface OrderLine {
  /** From 1. */
  readonly number: number;
  readonly kind: OrderLineKind;
  readonly code: string;
  readonly description?: string;
  /** A decimal other than zero; negative for goods that came back. */
  readonly quantity: string;
  /** A decimal in the order's currency, with all its decimals. */
  readonly unitPrice: string;
}

/** An order or a return, without its lines. */
export interface Order {
  readonly id: string;
  readonly customerId: string;
  readonly kind: OrderKind;
  readonly state: OrderState;
  readonly source: string;
  readonly externalId: string;
  readonly placedAt: string;
  readonly total: Money;
  /** What a unit of the order's currency was worth in the reporting currency: a decimal. */
  readonly exchangeRate: string;
  /** The total in the reporting currency of when the order was recorded. */
  readonly reportingTotal: Money;
  readonly lineCount: number;
  readonly via: Via;
  readonly recordedAt: string;
  readonly version: number;
}

/** Most lines of one order. */
export const mostLines = 1000;

const lineSchema = v.object({
  kind: v.optional(v.nullable(v.picklist(['PRODUCT', 'CHARGE']))),
  code: text(64),
  description: optional(text(256)),
  quantity: v.pipe(
    decimal('a quantity'),
    v.check((quantity) => !/^-?[0.]+$/.test(quantity), 'a quantity of zero says nothing: leave the line out'),
  ),
  unitPrice: v.pipe(
    decimal('a price'),
    v.check((price) => !price.startsWith('-'), 'a price is not negative: make the quantity negative'),
  ),
});

const commandSchema = (now: string) =>
  v.object({
    customerId: text(64),
    source: text(64),
    externalId: text(128),
    kind: v.picklist(['SALE', 'RETURN']),
    state: optional(v.picklist(orderStates)),
    placedAt: instant(now),
    currency: currencyCode,
    exchangeRate: optional(
      v.pipe(
        decimal('a rate'),
        v.check(
          (rate) => Number(rate) > 0,
          (issue) => `${issue.input} is no rate: a unit is worth more than nothing`,
        ),
      ),
    ),
    via,
    lines: v.pipe(
      v.array(lineSchema),
      v.minLength(1, 'an order needs a line'),
      v.maxLength(mostLines, (issue) => `has ${issue.received} lines; at most ${mostLines} are taken`),
    ),
  });

/** What a client asks to record, in canonical form. */
export type PlaceOrder = v.InferOutput<ReturnType<typeof commandSchema>>;

/**
 * Checks what a client asks to record.
 *
 * @throws Refusal `INPUT.INVALID`.
 */
export function checkPlaceOrder(input: unknown, now: string): PlaceOrder {
  return checkInput(commandSchema(now), input);
}

/** The lines of what is asked for, numbered. */
export const numberedLines = ({ lines }: PlaceOrder): OrderLine[] => lines.map(toLine);

/**
 * Records the order under the id that the shell derived from its source and external id. Its total is the exact sum of
 * quantity times unit price, rounded once.
 *
 * @throws Refusal `INPUT.INVALID` when the total contradicts the kind, `ORDER.RATE_UNKNOWN`.
 */
export function placeOrder(
  id: string,
  command: PlaceOrder,
  tenant: Reporting,
  cause: Cause,
): { order: Order; lines: OrderLine[]; change: Change } {
  const { customerId, kind, source, externalId, placedAt, currency } = command;
  const via = command.via ?? 'API';
  const lines = numberedLines(command);
  const exact = lines.reduce(
    (sum, line) => sum.plus(new Big(line.quantity).times(line.unitPrice)),
    new Big(0),
  );
  const amount = round(exact, currency);
  checkTotal(kind, amount);
  const exchangeRate = rateOf(currency, command.exchangeRate, tenant);
  const reportingTotal = exchange({ amount, currency }, exchangeRate, tenant.reporting);

  const order: Order = {
    id,
    customerId,
    kind,
    state: command.state ?? 'OPEN',
    source,
    externalId,
    placedAt,
    total: { amount, currency },
    exchangeRate,
    reportingTotal,
    lineCount: lines.length,
    via,
    recordedAt: cause.at,
    version: 1,
  };
  const change = stamp(withVia(cause, via), {
    type: 'crm.order.placed.v1',
    subject: id,
    sequence: order.version,
    data: eventDataOf(order),
  });
  return { order, lines, change };
}

/** What events say of an order. */
export function eventDataOf(order: Order): EventData<'crm.order.placed.v1'> {
  const { id, customerId, kind, placedAt, total, lineCount, reportingTotal } = order;
  return {
    orderId: id,
    customerId,
    kind,
    placedAt,
    amount: total.amount,
    currency: total.currency,
    lineCount,
    reportingAmount: reportingTotal.amount,
    reportingCurrency: reportingTotal.currency,
  };
}

function checkTotal(kind: OrderKind, total: string): void {
  const sign = Number(total);
  if (kind === 'SALE' ? sign >= 0 : sign <= 0) return;
  const remedy =
    kind === 'SALE' ? 'a sale is not negative: record a RETURN' : 'a return is not positive: record a SALE';
  throw new Refusal('INPUT.INVALID', `lines: come to ${total}; ${remedy}`, { field: 'lines', value: total });
}

function toLine(line: PlaceOrder['lines'][number], index: number): OrderLine {
  return {
    number: index + 1,
    kind: line.kind ?? 'PRODUCT',
    code: line.code,
    ...(line.description ? { description: line.description } : {}),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
  };
}
