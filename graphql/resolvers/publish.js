import { extensions } from '@aws-appsync/utils';

/** Passes the input on: the answer of this mutation is what subscribers get. */
export function request(ctx) {
  return { payload: ctx.args.input };
}

/** Ends the subscriptions to a customer whose readers may be others now; who still may read starts again. */
export function response(ctx) {
  if (ctx.args.input.accessChanged) {
    extensions.invalidateSubscriptions({
      subscriptionField: 'onCustomerActivity',
      payload: { customerId: ctx.args.input.customerId },
    });
  }
  return ctx.result;
}
