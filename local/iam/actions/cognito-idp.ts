import { isText, type JsonNeeds } from '../need.ts';

/**
 * What each signed call of Cognito user pools needs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
 */
export const cognitoNeeds: JsonNeeds = {
  keys: [],
  needsOf(action, { UserPoolId }, { place }) {
    const resource = isText(UserPoolId)
      ? `arn:aws:cognito-idp:${place.region}:${place.accountId}:userpool/${UserPoolId}`
      : '*';
    return [{ action: `cognito-idp:${action}`, resource }];
  },
};
