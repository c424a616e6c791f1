import { describe, expect, test } from 'vitest';
import { checkParameters, objectIn, universalTarget } from './universal.ts';

describe('the ARN of an action', () => {
  test.each([
    ['dynamodb:putItem', { service: 'dynamodb', action: 'PutItem' }],
    ['sqs:sendMessageBatch', { service: 'sqs', action: 'SendMessageBatch' }],
    ['eventbridge:putEvents', { service: 'eventbridge', action: 'PutEvents' }],
    ['lambda:invoke', { service: 'lambda', action: 'Invoke' }],
  ])('%s is read', (name, target) => {
    expect(universalTarget(`arn:aws:scheduler:::aws-sdk:${name}`)).toEqual(target);
  });

  test('of a queue is none', () => {
    expect(universalTarget('arn:aws:sqs:eu-central-1:000000000000:work')).toBeUndefined();
  });

  test.each([
    ['ec2:stopInstances', 'ec2 is not a supported service for a target. Here there are dynamodb, '],
    ['dynamodb:getItem', 'getItem is not a supported API of dynamodb'],
    ['sqs:receiveMessage', 'receiveMessage is not a supported API of sqs'],
    ['lambda:createFunction', 'createFunction is not a supported API of lambda'],
  ])('%s is refused', (name, message) => {
    expect(() => universalTarget(`arn:aws:scheduler:::aws-sdk:${name}`)).toThrow(message);
  });
});

describe('the input of an action', () => {
  const invoke = universalTarget('arn:aws:scheduler:::aws-sdk:lambda:invoke');

  test('is a JSON object', () => {
    expect(objectIn('{"QueueUrl":"x"}', 'an action')).toEqual({ QueueUrl: 'x' });
  });

  test.each([undefined, 'text', '[]', 'null'])('is refused as %s', (input) => {
    expect(() => objectIn(input, 'an action')).toThrow('Input for an action must be a JSON object, not');
  });

  test('that invokes a function names it and does not wait', () => {
    const check = (parameters: object) => () => invoke && checkParameters(invoke, JSON.stringify(parameters));
    expect(check({ FunctionName: 'hello', InvocationType: 'Event' })).not.toThrow();
    expect(check({ InvocationType: 'Event' })).toThrow('must have the FunctionName');
    expect(check({ FunctionName: 'hello' })).toThrow('must have the InvocationType Event');
  });
});
