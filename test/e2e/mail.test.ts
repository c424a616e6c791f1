import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { claimLastsMs } from '../../domain/interactions/message.ts';
import { assemblyDir } from '../support/assembly.ts';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';
import { type Firm, startWork } from '../support/firm.ts';

let cloud: CloudInProcess;
let firm: Firm;
let notification: Awaited<ReturnType<typeof queuesOf>>;
let mailEvents: Awaited<ReturnType<typeof queuesOf>>;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  firm = await startWork(cloud);
  notification = await queuesOf(cloud.stack, 'Notification');
  mailEvents = await queuesOf(cloud.stack, 'MailEvents');
  await notification.comeAgainAfter(1);
  await mailEvents.comeAgainAfter(1);
});
afterEach(() => {
  cloud.faults.mail.onSend = () => undefined;
  cloud.faults.functions.beforeInvoke = () => undefined;
});
afterAll(() => cloud.stop());

/** A customer with an address of that name, who is told of orders. */
async function customerCalled(name: string) {
  const address = `${name}@customer.example`;
  const id = await firm.customer(name, { identities: [{ kind: 'EMAIL', value: address }] });
  await firm.grant(id, 'SERVICE');
  return {
    id,
    address,
    mails: () => firm.mailsTo(address),
    message: async () => (await firm.messagesTo(id))[0],
  };
}

test('a mail whose answer was lost is UNKNOWN until SES says that it arrived, and is sent once', async () => {
  const ada = await customerCalled('ada');
  let asked = 0;
  cloud.faults.mail.onSend = () => {
    asked++;
    return 'lose answer';
  };
  cloud.faults.functions.beforeInvoke = (name) =>
    name.includes('MailEventsFunction') ? 'throttle' : undefined;

  await firm.order(ada.id);

  expect(await eventually(ada.message, (message) => message?.state === 'UNKNOWN')).toMatchObject({
    rule: 'order',
    reason: 'InternalFailure',
  });
  cloud.faults.functions.beforeInvoke = () => undefined;
  await mailEvents.redrive();
  await eventually(ada.message, (message) => message?.state === 'DELIVERED', 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  expect([asked, (await ada.mails()).length]).toEqual([1, 1]);
});

test('a mail that SES throttled is sent later, once', async () => {
  const bea = await customerCalled('bea');
  let asked = 0;
  cloud.faults.mail.onSend = () => (++asked <= 2 ? 'throttle' : undefined);

  await firm.order(bea.id);

  await eventually(bea.message, (message) => message?.state === 'DELIVERED', 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  expect([asked, (await bea.mails()).length]).toEqual([3, 1]);
});

test('a mail that SES throttled until its event is a dead letter is sent by the redrive, once', async () => {
  const bert = await customerCalled('bert');
  cloud.faults.mail.onSend = () => 'throttle';

  await firm.order(bert.id);

  await eventually(notification.deadLetters, (count) => count > 0, 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  expect([await bert.message(), await bert.mails()]).toEqual([undefined, []]);
  cloud.faults.mail.onSend = () => undefined;
  await notification.redrive();
  await eventually(bert.message, (message) => message?.state === 'DELIVERED', 20_000);
  expect(await bert.mails()).toHaveLength(1);
}, 60_000);

/** Kills the first sender of a mail as SES is asked to take it. Counts how often SES is asked. */
function killAsSesIsAsked(answer: 'throttle' | undefined): () => number {
  const asking = Promise.withResolvers<void>();
  let asked = 0;
  cloud.faults.functions.beforeInvoke = (name) =>
    name.includes('NotificationFunction') && asked === 0 ? { killWhen: asking.promise } : undefined;
  cloud.faults.mail.onSend = () => {
    asked++;
    asking.resolve();
    return answer;
  };
  return () => asked;
}

test('a mail whose sender was killed before it heard that SES took it is sent once, and known to have arrived', async () => {
  const cora = await customerCalled('cora');
  const asked = killAsSesIsAsked(undefined);

  await firm.order(cora.id);

  await eventually(cora.message, (message) => message?.state === 'DELIVERED', 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  expect([asked(), (await cora.mails()).length]).toEqual([1, 1]);
});

test('a mail whose sender was killed and of which nothing is heard is UNKNOWN, and not sent by the redrive', async () => {
  const cleo = await customerCalled('cleo');
  const asked = killAsSesIsAsked('throttle');

  await firm.order(cleo.id);

  await eventually(notification.deadLetters, (count) => count > 0, 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  const claimed = await cleo.message();
  expect(claimed?.state).toBe('CLAIMED');
  cloud.faults.mail.onSend = () => undefined;
  await forgetSender(claimed?.id);
  await notification.redrive();
  await eventually(cleo.message, (message) => message?.state === 'UNKNOWN', 20_000);
  await eventually(notification.waiting, (count) => count === 0);
  expect(await cleo.message()).toMatchObject({ state: 'UNKNOWN', reason: 'ABANDONED' });
  expect([asked(), (await cleo.mails()).length]).toEqual([1, 0]);
}, 60_000);

/** Makes a message that is being sent one whose sender cannot be at it any more. */
async function forgetSender(id = ''): Promise<void> {
  const [, customerId, time] = /^msg_(cus_[0-9A-Z]{26})_([0-9A-Z]{26})$/.exec(id) ?? [];
  const { stack } = cloud;
  const client = new DynamoDBClient({
    endpoint: stack.awsEndpointUrl,
    region: stack.region,
    credentials: { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey },
  });
  await client.send(
    new UpdateItemCommand({
      TableName: String(stack.tableName),
      Key: { pk: { S: `demo#${customerId}` }, sk: { S: `message#${time}` } },
      UpdateExpression: 'SET claimedAt = :then',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':then': { S: new Date(Date.now() - 2 * claimLastsMs).toISOString() } },
    }),
  );
  client.destroy();
}

test('a firm whose sender is not verified sends nothing, and its messages say why', async () => {
  const assembly = mkdtempSync(join(tmpdir(), 'fidelia-unverified-'));
  cpSync(assemblyDir, assembly, { recursive: true });
  const change = (stack: string, what: RegExp, by: string) => {
    const template = join(assembly, `fidelia-demo-${stack}.template.json`);
    const before = readFileSync(template, 'utf8');
    const after = before.replace(what, by);
    expect(after).not.toBe(before);
    writeFileSync(template, after);
  };
  change('data', /"EmailIdentity": "[^"]+"/, '"EmailIdentity": "elsewhere.example"');
  // Rights to an identity that is not there are none: IAM would refuse before SES does.
  change('app', /:identity\/demo\.example"/g, ':identity/*"');
  const other = await startCloudInProcess({ assembly });

  try {
    const people = await startWork(other);
    const address = 'dora@customer.example';
    const id = await people.customer('dora', { identities: [{ kind: 'EMAIL', value: address }] });
    await people.grant(id, 'SERVICE');
    await people.order(id);

    const isRefused = ([message]: readonly { readonly state: string }[]) => message?.state === 'REFUSED';
    const [message] = await eventually(() => people.messagesTo(id), isRefused, 20_000);
    expect(message?.reason).toBe('MessageRejected');
    expect(await people.mailsTo(address)).toEqual([]);
  } finally {
    await other.stop();
    rmSync(assembly, { recursive: true });
  }
}, 60_000);
