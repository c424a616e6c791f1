import { ListTopicsCommand, PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../gateway.ts';
import { createIdentities, newAdminKey } from '../identity.ts';
import { type Outbox, openOutbox } from '../outbox/outbox.ts';
import { openStore, type Store } from '../store.ts';
import { createSns, type Sns } from './sns.ts';

const place = { region: 'eu-west-2', accountId: '111122223333' };
const identities = createIdentities({ place, admin: newAdminKey() });

let store: Store;
let outbox: Outbox;
let sns: Sns;
let client: SNSClient;
const gateway = createGateway({
  identities,
  services: () => ({ json: {}, rest: { sns } }),
  committed: () => store.committed(),
  log: console.error,
});
beforeAll(async () => {
  const endpoint = `http://127.0.0.1:${await gateway.listen(0)}`;
  client = new SNSClient({ endpoint, region: place.region, credentials: identities.admin, maxAttempts: 1 });
});
afterAll(() => gateway.close());
beforeEach(() => {
  store = openStore();
  outbox = openOutbox({ store });
  sns = createSns({ place, outbox });
});
afterEach(() => store.close());

const PhoneNumber = '+447700900123';
const publish = (input: PublishCommandInput) => client.send(new PublishCommand(input));
const attribute = (name: string, StringValue: string) => ({
  MessageAttributes: { [name]: { DataType: 'String', StringValue } },
});

describe('a text message', () => {
  test('lies in the outbox with its sender and kind', async () => {
    const { MessageId } = await publish({
      PhoneNumber,
      Message: 'Your table <4> & chair are ready ✓',
      MessageAttributes: {
        ...attribute('AWS.SNS.SMS.SenderID', 'Fidelia').MessageAttributes,
        ...attribute('AWS.SNS.SMS.SMSType', 'Transactional').MessageAttributes,
      },
    });

    expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
    expect(outbox.list({ to: PhoneNumber, limit: 5 })).toEqual([
      {
        id: '1',
        at: expect.any(String),
        kind: 'SMS',
        service: 'sns',
        from: 'Fidelia',
        to: [PhoneNumber],
        subject: null,
        text: 'Your table <4> & chair are ready ✓',
        html: null,
        headers: {},
        tags: { 'AWS.SNS.SMS.SMSType': 'Transactional' },
        messageId: MessageId,
        events: [],
      },
    ]);
  });

  test('without attributes has no sender', async () => {
    await publish({ PhoneNumber, Message: 'x'.repeat(1600) });

    expect(outbox.list({ limit: 5 })).toMatchObject([{ from: null, tags: {} }]);
  });

  test.each<[string, PublishCommandInput, string]>([
    [
      'to a number that is not E.164',
      { PhoneNumber: '07700900123', Message: 'x' },
      'Invalid parameter: PhoneNumber Reason: 07700900123 is not valid to publish to',
    ],
    ['without a text', { PhoneNumber, Message: '' }, 'Invalid parameter: Empty message'],
    ['that is too long', { PhoneNumber, Message: 'x'.repeat(1601) }, '1601 characters'],
    [
      'from a sender of digits only',
      { PhoneNumber, Message: 'x', ...attribute('AWS.SNS.SMS.SenderID', '12345') },
      '12345 must be 1 to 11 letters and digits',
    ],
    [
      'of an unknown kind',
      { PhoneNumber, Message: 'x', ...attribute('AWS.SNS.SMS.SMSType', 'Chat') },
      'Chat must be Promotional or Transactional',
    ],
    [
      'with an attribute that nobody knows',
      { PhoneNumber, Message: 'x', ...attribute('Colour', 'red') },
      'Colour Reason: it is no attribute of a text message',
    ],
    ['to nobody', { Message: 'x' }, 'TopicArn or TargetArn Reason: no value for required parameter'],
    ['to two', { PhoneNumber, TopicArn: 'arn', Message: 'x' }, 'only one of them may be given'],
  ])('%s is refused', async (_, input, message) => {
    await expect(publish(input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
    expect(outbox.list({ limit: 1 })).toEqual([]);
  });
});

describe('a topic', () => {
  test('that no stack has is not found', async () => {
    const TopicArn = 'arn:aws:sns:eu-west-2:111122223333:none';

    await expect(publish({ TopicArn, Message: 'x' })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Topic does not exist',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('of a stack takes nothing here, and says so', async () => {
    const TopicArn = sns.addTopic('alarms').arn;

    await expect(publish({ TopicArn, Message: 'x' })).rejects.toMatchObject({
      message: expect.stringContaining(`publishing to the topic ${TopicArn} is not run here`),
    });
    expect(outbox.list({ limit: 1 })).toEqual([]);
  });
});

test('another action is an error that names it', async () => {
  await expect(client.send(new ListTopicsCommand({}))).rejects.toMatchObject({
    message: 'SNS does not run ListTopics here.',
  });
});
