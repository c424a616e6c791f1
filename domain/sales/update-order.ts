import * as v from 'valibot';
import { type Cause, type Change, stamp } from '../change.ts';
import { Refusal } from '../errors.ts';
import { checkInput, clientRequestId, optional, text } from '../input.ts';
import { eventDataOf, type Order } from './order.ts';
import { mayBecome, orderStates } from './order-state.ts';

const commandSchema = v.object({
  id: text(64),
  expectedVersion: optional(v.number()),
  state: v.picklist(orderStates),
  clientRequestId,
});

/** A change of an order that a client asks for, in canonical form. */
export type UpdateOrder = v.InferOutput<typeof commandSchema>;

/** @throws Refusal `INPUT.INVALID` */
export const checkUpdateOrder = (input: unknown): UpdateOrder => checkInput(commandSchema, input);

/** @throws Refusal `INPUT.INVALID` */
export const checkOrderState = (state: unknown): UpdateOrder['state'] =>
  checkInput(v.object({ state: v.picklist(orderStates) }), { state }).state;

/**
 * Brings an order into another state; `change` is absent when it is in that one already.
 *
 * @throws Refusal `ORDER.VERSION_STALE` when the client has seen another version, `ORDER.STATE_FINAL`
 */
export function updateOrder(
  current: Order,
  { state, expectedVersion }: UpdateOrder,
  cause: Cause,
): { order: Order; change?: Change } {
  checkVersion(current, expectedVersion);
  if (current.state === state) return { order: current };
  checkTransition(current, state);
  const order: Order = { ...current, state, version: current.version + 1 };
  const change = stamp(cause, {
    type: 'crm.order.changed.v1',
    subject: order.id,
    sequence: order.version,
    data: { ...eventDataOf(order), state, previousState: current.state },
  });
  return { order, change };
}

function checkVersion({ id, version }: Order, expected: number | null | undefined): void {
  if (expected === undefined || expected === null || expected === version) return;
  throw new Refusal(
    'ORDER.VERSION_STALE',
    `${id} is at version ${version}, not ${expected}: fetch it and decide again`,
    { field: 'expectedVersion', value: expected, version, orderId: id },
  );
}

const remedies: Readonly<Record<string, string>> = {
  FULFILLED: 'record what comes back as a RETURN',
  CANCELLED: 'record what is ordered after all as a new order',
};

function checkTransition({ id, state: present }: Order, state: UpdateOrder['state']): void {
  if (mayBecome(present, state)) return;
  throw new Refusal('ORDER.STATE_FINAL', `${id} is ${present} and stays so: ${remedies[present]}`, {
    field: 'state',
    value: state,
    state: present,
    orderId: id,
  });
}
