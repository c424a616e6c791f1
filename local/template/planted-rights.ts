/** Rights for the stacks of tests. */

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

/** A role that a service may take on, with the right to these actions on these resources. */
export function plantRole(service: string, rights: Readonly<Record<string, unknown>> = {}) {
  const statements = Object.entries(rights).map(([Action, Resource]) => ({
    Effect: 'Allow',
    Action,
    Resource,
  }));
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
      },
      Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
    },
  };
}

/** Lets a rule send to a queue. */
export function plantQueuePolicy(queue: string, rule: string) {
  return {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: queue }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: arnOf(queue),
            Condition: { ArnEquals: { 'aws:SourceArn': arnOf(rule) } },
          },
        ],
      },
    },
  };
}

/** Lets everybody call a function at its address. */
export function plantUrlPermissions(id: string) {
  const shared = { FunctionName: arnOf(id), Principal: '*' };
  const permission = (Properties: object) => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { ...shared, ...Properties },
  });
  return {
    [`${id}UrlPermission`]: permission({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
    [`${id}InvokePermission`]: permission({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
  };
}
