import { extensions, util } from '@aws-appsync/utils';

/** Hands the field to its function, with all that the function needs to decide. */
export function request(ctx) {
  return {
    operation: 'Invoke',
    payload: {
      arguments: ctx.args,
      identity: ctx.identity,
      source: ctx.source,
      info: {
        parentTypeName: ctx.info.parentTypeName,
        fieldName: ctx.info.fieldName,
        selectionSetList: ctx.info.selectionSetList,
      },
    },
  };
}

/** Unwraps the function's envelope, so that a refusal keeps its code, message and info. */
export function response(ctx) {
  if (ctx.error) {
    util.error('The request failed unexpectedly: try again.', 'INTERNAL');
  }
  const envelope = ctx.result;
  if (!envelope.ok) {
    util.error(envelope.error.message, envelope.error.code, null, envelope.error.info);
  }
  if (envelope.subscriptionFilter) {
    extensions.setSubscriptionFilter(envelope.subscriptionFilter);
    extensions.setSubscriptionInvalidationFilter(envelope.subscriptionFilter);
  }
  return envelope.value;
}
