import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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

const sdk = () => ({
  endpoint: cloud.stack.awsEndpointUrl,
  region: cloud.stack.region,
  credentials: {
    accessKeyId: cloud.stack.adminAccessKeyId,
    secretAccessKey: cloud.stack.adminSecretAccessKey,
  },
});

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

test('a mail whose sender was killed is sent at most once, and UNKNOWN when nothing is heard of it', async () => {
  const customers = await Promise.all(['cora', 'cleo', 'cyra', 'cira', 'cosa'].map(customerCalled));
  let invoked = 0;
  cloud.faults.functions.beforeInvoke = (name) =>
    name.includes('NotificationFunction') && invoked < 5 ? { killAfter: 10 + 10 * invoked++ } : undefined;

  for (const { id } of customers) {
    await firm.order(id);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  await eventually(notification.waiting, (count) => count === 0, 30_000);
  for (const { message } of customers) await forgetSender((await message())?.id);
  await notification.redrive();

  for (const { message, mails } of customers) {
    const { state } =
      (await eventually(message, (now) => /DELIVERED|UNKNOWN/.test(now?.state ?? ''), 20_000)) ?? {};
    expect(await mails()).toHaveLength(state === 'DELIVERED' ? 1 : 0);
  }
}, 60_000);

/** Makes a message that is being sent one whose sender cannot be at it any more. */
async function forgetSender(id = ''): Promise<void> {
  const [, customer = '', time = ''] = /^msg_(cus_[0-9A-Z]{26})_([0-9A-Z]{26})$/.exec(id) ?? [];
  const client = new DynamoDBClient(sdk());
  await client
    .send(
      new UpdateItemCommand({
        TableName: String(cloud.stack.tableName),
        Key: { pk: { S: `demo#${customer}` }, sk: { S: `message#${time}` } },
        UpdateExpression: 'SET claimedAt = :then',
        ConditionExpression: '#state = :claimed',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':then': { S: new Date(Date.now() - 300_000).toISOString() },
          ':claimed': { S: 'CLAIMED' },
        },
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
    });
  client.destroy();
}

test('a firm whose sender is not verified sends nothing, and its messages say why', async () => {
  const assembly = mkdtempSync(join(tmpdir(), 'fidelia-unverified-'));
  cpSync(assemblyDir, assembly, { recursive: true });
  const template = join(assembly, 'fidelia-demo-data.template.json');
  const verified = readFileSync(template, 'utf8');
  const unverified = verified.replace(/"EmailIdentity": "[^"]+"/, '"EmailIdentity": "elsewhere.example"');
  expect(unverified).not.toBe(verified);
  writeFileSync(template, unverified);
  const other = await startCloudInProcess(assembly);

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
