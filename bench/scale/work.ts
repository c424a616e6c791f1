import type { Measured } from '../units/measure.ts';
import type { Units } from '../units/usage.ts';

/** What one thing done brings with it. */
export interface Work {
  readonly name: string;
  /** Requests to the API: less than one when several things share one. */
  readonly requests: number;
  /** Invocations that answer it. */
  readonly answers: number;
  readonly request: Units;
  /** Stream records that the relay gets, those of what consumers write included. */
  readonly records: number;
  readonly events: number;
  /** Orders that come into a state. */
  readonly orders: number;
  /** Matches of a rule. */
  readonly messages: number;
  readonly deliveries: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, Units>>;
  readonly signals: number;
  readonly mails: number;
}

/** The work of one row of an operation, when as many rows as `rowsOfARequest` share a request. */
export function workOf({ name, field, rows, request, after }: Measured, rowsOfARequest = rows): Work {
  const { relay = 0, ...deliveries } = after.deliveries;
  const each = (amounts: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(amounts).map(([by, amount]) => [by, amount / rows]));
  const invocations = Object.values(request.deliveries).reduce((sum, amount) => sum + amount, 0);
  return {
    name,
    requests: 1 / rowsOfARequest,
    answers: invocations / rowsOfARequest,
    request: { read: request.readUnits / rows, write: request.writeUnits / rows },
    records: relay / rows,
    events: after.published / rows,
    orders: /\.(placeOrders?|updateOrder)$/.test(field) ? 1 : 0,
    messages: after.messages / rows,
    deliveries: each(deliveries),
    units: Object.fromEntries(
      Object.entries(after.units).map(([by, { read, write }]) => [
        by,
        { read: read / rows, write: write / rows },
      ]),
    ),
    signals: after.signals / rows,
    mails: after.mails / rows,
  };
}

/** @throws Error when there is no operation of this name */
export function operationOf(operations: readonly Measured[], name: string): Measured {
  const found = operations.find((one) => one.name === name);
  if (!found)
    throw new Error(`No operation is called ${JSON.stringify(name)}: see bench/units/operations.ts.`);
  return found;
}
