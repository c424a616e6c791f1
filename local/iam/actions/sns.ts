import type { RestNeeds } from '../need.ts';

/**
 * What each call of SNS needs: a text message to a phone number is no resource's
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html).
 */
export const snsNeeds: RestNeeds = {
  keys: [],
  needsOf({ body }) {
    const form = new URLSearchParams(body.toString('utf8'));
    const resource = form.get('TopicArn') || form.get('TargetArn') || '*';
    return [{ action: `sns:${form.get('Action')}`, resource }];
  },
};
