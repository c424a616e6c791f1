import { describe, expect, test } from 'vitest';
import { providedKeys } from './actions/services.ts';
import { checkNames } from './catalog.ts';
import { compilePolicy } from './policy.ts';

function check(statement: object): Promise<void> {
  const Statement = { Effect: 'Allow', Resource: '*', ...statement };
  return checkNames(compilePolicy({ Version: '2012-10-17', Statement }, 'identity', 'Own'), providedKeys);
}

const onKey = (Action: string, key: string) => ({ Action, Condition: { StringEquals: { [key]: 'x' } } });

describe('policies may name', () => {
  test.each([
    [{ Action: ['dynamodb:PutItem', 'SQS:sendmessage', 'logs:Create*', 'xray:PutTraceSegments', '*'] }],
    [onKey('dynamodb:PutItem', 'dynamodb:LeadingKeys')],
    [onKey('events:PutEvents', 'events:detail-type')],
    [onKey('ses:SendEmail', 'ses:FromAddress')],
    [onKey('lambda:InvokeFunctionUrl', 'lambda:FunctionUrlAuthType')],
    [onKey('s3:*', 'aws:PrincipalTag/team')],
    // Nothing of X-Ray runs here, so nothing is decided by its keys.
    [onKey('xray:PutTraceSegments', 'aws:ResourceTag/team')],
  ])('%j', async (statement) => {
    await expect(check(statement)).resolves.toBeUndefined();
  });
});

describe('an error is', () => {
  test.each([
    [
      { Action: 'dynamo:PutItem' },
      'Own, statement 1: there is no service dynamo for the action dynamo:PutItem',
    ],
    [{ Action: 'dynamodb:WriteItem' }, 'dynamodb has no action WriteItem'],
    [{ NotAction: 'sqs:Publish*' }, 'no action of sqs matches sqs:Publish*'],
    [onKey('dynamodb:PutItem', 'dynamodb:Leadingkey'), 'there is no condition key dynamodb:leadingkey'],
    [onKey('dynamodb:PutItem', 'aws:Region'), 'there is no condition key aws:region'],
    [onKey('dynamodb:*', 'dynamodb:FullTableScan'), 'dynamodb:fulltablescan has no value in the local cloud'],
    [onKey('s3:GetObject', 'aws:SourceVpc'), 'aws:sourcevpc has no value in the local cloud'],
    [
      onKey('logs:PutLogEvents', 'aws:ResourceTag/team'),
      'aws:resourcetag/team has no value in the local cloud',
    ],
    [onKey('sqs:SendMessage', 'ses:Recipients'), 'ses:recipients has no value in the local cloud'],
  ])('%j', async (statement, message) => {
    await expect(check(statement)).rejects.toThrow(message);
  });
});
