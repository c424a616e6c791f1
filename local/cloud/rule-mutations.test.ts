import { describe, expect, test } from 'vitest';
import { RequestError } from '../appsync/errors.ts';
import type { Answer } from '../appsync/operations.ts';
import { AwsError } from '../aws.ts';
import { createMutations, failureIn } from './rule-mutations.ts';

const place = { region: 'eu-west-1', accountId: '111122223333' };
const endpointArn = 'arn:aws:appsync:eu-west-1:111122223333:endpoints/graphql-api/abc';
const as = { roleArn: 'arn:aws:iam::111122223333:role/Calls', ruleArn: 'arn:aws:events:rule' };
const sessionArn = 'arn:aws:sts::111122223333:assumed-role/Calls/events';
const request = { query: 'mutation { a }', variables: {} };

const error = (errorType: string | null, message = 'no') => ({
  path: null,
  locations: null,
  errorType,
  message,
});

describe('an answer of the API', () => {
  test.each<[string, Answer]>([
    ['with a value', { data: { a: 1 } }],
    ['with nothing to say', { data: { a: null } }],
    ['with a value and an error inside of it', { data: { a: { b: null } }, errors: [error('x')] }],
  ])('%s is a success', (_, answer) => {
    expect(failureIn(answer)).toBeUndefined();
  });

  test.each<[string, Answer, string, number]>([
    ['an error and no data', { data: null, errors: [error(null)] }, 'BadRequestException', 400],
    [
      'an error in place of the value',
      { data: { a: null }, errors: [error('Lambda:Unhandled')] },
      'Lambda:Unhandled',
      400,
    ],
    [
      'a field that is forbidden',
      { data: { a: null }, errors: [error('Unauthorized')] },
      'AccessDeniedException',
      403,
    ],
    ['no answer in time', { data: null, errors: [error('ExecutionTimeout')] }, 'ExecutionTimeout', 504],
  ])('with %s is a failure', (_, answer, code, status) => {
    expect(failureIn(answer)).toMatchObject({ code, status, message: 'no' });
  });
});

describe('a rule', () => {
  function callsOf(run: () => Promise<Answer>) {
    const callers: string[] = [];
    const call = createMutations({
      place,
      iam: { assume: ({ roleArn }) => ({ kind: 'session', sessionArn, roleArn }) },
      api: () => ({
        endpointArn,
        run(_request, { arn }) {
          callers.push(arn);
          return run();
        },
      }),
    });
    return { call, callers };
  }

  test('calls as a session of the role of its target', async () => {
    const { call, callers } = callsOf(async () => ({ data: { a: 1 } }));
    await call(endpointArn, request, as);
    expect(callers).toEqual([sessionArn]);
  });

  test('fails for another API, and as the API refuses the request', async () => {
    const { call } = callsOf(async () => {
      throw new RequestError(401, 'UnauthorizedException', 'not you');
    });
    await expect(call(`${endpointArn}x`, request, as)).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await expect(call(endpointArn, request, as)).rejects.toMatchObject({ code: 'AccessDeniedException' });
    await expect(call(endpointArn, request, as)).rejects.toBeInstanceOf(AwsError);
  });
});
