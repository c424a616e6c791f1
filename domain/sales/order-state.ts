/** Where an order stands: still to be done, done, or not to be done any more. */
export const orderStates = ['OPEN', 'FULFILLED', 'CANCELLED'] as const;
export type OrderState = (typeof orderStates)[number];

/**
 * What an order can become. An order that is done stays done: what comes back is a return, an order of its own. One that
 * was cancelled stays so: what is wanted after all is a new order.
 */
const following: Readonly<Record<OrderState, readonly OrderState[]>> = {
  OPEN: ['FULFILLED', 'CANCELLED'],
  FULFILLED: [],
  CANCELLED: [],
};

/** Whether an order may go from one state to another. */
export const mayBecome = (from: OrderState, to: OrderState): boolean => following[from].includes(to);

/** Whether an order counts in what a customer is worth: a cancelled one is as if it had not been placed. */
export const counts = ({ state }: { readonly state?: OrderState }): boolean => state !== 'CANCELLED';
