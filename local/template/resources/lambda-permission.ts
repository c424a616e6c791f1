import type { Properties, Resource } from '../deploy.ts';

/** A principal as `AddPermission` takes it: a service, an account, an ARN or everybody. */
function principalOf(given: string): unknown {
  if (given === '*') return '*';
  return given.endsWith('.amazonaws.com') ? { Service: given } : { AWS: given };
}

/**
 * The statement that Lambda makes of an `AWS::Lambda::Permission`
 * (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
 */
export function permissionDocument(properties: Properties, { place }: Pick<Resource, 'place'>) {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = properties;
  const { FunctionUrlAuthType, InvokedViaFunctionUrl } = properties;
  const name = String(FunctionName);
  const arn = name.startsWith('arn:')
    ? name
    : `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;
  const conditions = {
    ...(SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...((SourceAccount !== undefined || FunctionUrlAuthType !== undefined) && {
      StringEquals: {
        ...(SourceAccount !== undefined && { 'AWS:SourceAccount': SourceAccount }),
        ...(FunctionUrlAuthType !== undefined && { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType }),
      },
    }),
    ...(InvokedViaFunctionUrl !== undefined && {
      Bool: { 'lambda:InvokedViaFunctionUrl': InvokedViaFunctionUrl },
    }),
  };
  const statement = {
    Effect: 'Allow',
    Principal: principalOf(String(Principal)),
    Action,
    Resource: arn,
    Condition: conditions,
  };
  return { resourceArns: [arn], document: { Version: '2012-10-17', Statement: statement } };
}
