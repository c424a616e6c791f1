import { expect, test } from 'vitest';
import { AwsError, type AwsService } from '../aws.ts';
import { type HeardCall, heardServices } from './heard.ts';

const caller = { accessKeyId: 'key', arn: 'arn:aws:sts::1:assumed-role/role/relay', accountId: '1' };

function listenTo(name: string, call: AwsService) {
  const heard: HeardCall[] = [];
  const { Api } = heardServices({ Api: { name, version: '1.0', call } }, (one) => heard.push(one));
  if (!Api) throw new Error('the service is gone');
  return { heard, ask: (action: string, input: Record<string, unknown>) => Api.call(action, input, caller) };
}

test('a call is answered as before, and heard of with its answer and caller', async () => {
  const { heard, ask } = listenTo('events', (_action, input) => ({ echo: input }));

  const answer = await ask('PutEvents', { Entries: [1] });

  expect(answer).toEqual({ echo: { Entries: [1] } });
  expect(heard).toEqual([
    { service: 'events', action: 'PutEvents', input: { Entries: [1] }, answer, caller },
  ]);
});

test('DynamoDB is asked what a call consumed, whatever the caller asked', async () => {
  const { heard, ask } = listenTo('dynamodb', (_action, input) => input);

  await ask('GetItem', { TableName: 'crm', ReturnConsumedCapacity: 'NONE' });

  expect(heard[0]?.answer).toEqual({ TableName: 'crm', ReturnConsumedCapacity: 'TOTAL' });
  expect(heard[0]?.input).toEqual({ TableName: 'crm', ReturnConsumedCapacity: 'NONE' });
});

test('what is refused is not heard of, at once or later', async () => {
  const refuse = () => {
    throw new AwsError('ValidationException', 'no');
  };
  for (const call of [refuse, async () => refuse()]) {
    const { heard, ask } = listenTo('dynamodb', call);

    await expect(ask('GetItem', {})).rejects.toThrow('no');

    expect(heard).toEqual([]);
  }
});
