import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { claim } from '../../../domain/interactions/message.ts';
import { type Created, type Page, pagesOf, startApi, users } from '../../../test/support/api.ts';

const api = await startApi();
afterAll(() => api.aws.close());
const { messageIdFor } = await import('../../table/ids.ts');
const { putMessage, settleMessage } = await import('../../table/messages.ts');

let customer: Created;
beforeEach(async () => {
  api.aws.clear();
  const input = { kind: 'PERSON', name: 'Ada' };
  customer = await api.ask<Created>(users.nora, 'Mutation.createCustomer', { input });
});

const day = (n: number) => new Date(Date.UTC(2026, 10, 1 + n)).toISOString();

/** Records that a mail was claimed on a day, and answers its id. */
async function send(n: number, recipientId = customer.id): Promise<string> {
  const id = messageIdFor(recipientId, day(n), `evt_${n}`, 'order', 'EMAIL');
  const message = claim({
    id,
    recipientId,
    customerId: customer.id,
    channel: 'EMAIL',
    rule: 'order',
    purpose: 'SERVICE',
    subject: 'Your order',
    claimedAt: day(n),
  });
  await putMessage({ message, token: `secret-${n}`, addressKey: 'fingerprint' });
  return id;
}

const messages = (args: object, who = users.nora) =>
  api.ask<Page<Created> | null>(who, 'Customer.messages', args, { source: customer });
const node = (id: string, who = users.nora) => api.ask(who, 'Query.node', { id });

describe('Customer.messages', () => {
  test('says what was sent to the customer and what became of it, and nothing else', async () => {
    const id = await send(1);
    await settleMessage(id, { state: 'BOUNCED', reason: 'Permanent General', at: day(2) });

    expect((await messages({}))?.nodes).toEqual([
      {
        id,
        recipientId: customer.id,
        customerId: customer.id,
        channel: 'EMAIL',
        rule: 'order',
        purpose: 'SERVICE',
        subject: 'Your order',
        state: 'BOUNCED',
        reason: 'Permanent General',
        claimedAt: day(1),
        settledAt: day(2),
        version: 2,
      },
    ]);
  });

  test('gives all of them page by page, latest first, and none to colleagues', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 7; n++) ids.unshift(await send(n));
    await send(8, 'usr_nora');

    const nodes = await pagesOf(async (after) => (await messages({ first: 3, after })) as Page<Created>);

    expect(nodes.map(({ id }) => id)).toEqual(ids);
  });

  test('refuses a cursor of another list', async () => {
    const after = Buffer.from(JSON.stringify(['x', 'message#0'])).toString('base64url');

    expect(await api.refusal(users.nora, 'Customer.messages', { after }, { source: customer })).toMatchObject(
      {
        code: 'CURSOR.INVALID',
      },
    );
  });

  test('says nothing to a salesperson of another team', async () => {
    await send(1);

    expect(await messages({}, users.sue)).toBeNull();
  });
});

describe('node', () => {
  test.each(['cus', 'usr'])(
    'gives a message to %s to who may read the customer it is about',
    async (kind) => {
      const id = await send(1, kind === 'cus' ? customer.id : 'usr_ned');

      expect(await node(id)).toMatchObject({ __typename: 'Message', id, state: 'CLAIMED' });
      expect(await node(id)).not.toHaveProperty('token');
      expect(await node(id)).not.toHaveProperty('addressKey');
      expect(await node(id, users.sue)).toBeNull();
    },
  );

  test.each(['msg_1', 'msg_cus_1_1', `msg_${'cus_00000000000000000000000000'}_${'0'.repeat(26)}`])(
    'gives nothing for %s',
    async (id) => {
      expect(await node(id, users.admin)).toBeNull();
    },
  );
});
