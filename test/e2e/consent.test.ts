import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';
import { queuesOf } from '../support/consumer-queues.ts';
import { tick } from '../support/consumers.ts';
import { type Firm, startWork } from '../support/firm.ts';
import { partnerEvents } from '../support/partner.ts';

let cloud: CloudInProcess;
let firm: Firm;
let carrier: ReturnType<typeof partnerEvents>;
let wholesaler: ReturnType<typeof partnerEvents>;
/** Who consents to all sharing. */
let witness: string;
let agreement: string;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  firm = await startWork(cloud);
  [carrier, wholesaler] = [partnerEvents(cloud.stack, 'carrier'), partnerEvents(cloud.stack, 'wholesaler')];
  agreement = await firm.agree('par_carrier');
  await firm.agree('par_wholesaler');
  witness = await firm.customer('Witness');
  await firm.grant(witness, 'SHARING');
});
afterAll(async () => {
  await Promise.all([carrier.stop(), wholesaler.stop()]);
  await cloud.stop();
});

const named = ({ events }: Pick<ReturnType<typeof partnerEvents>, 'events'>, name: string) => [
  ...new Set(
    events.filter(({ data }) => (data.customer as { name: string }).name === name).map(({ id }) => id),
  ),
];

/** Waits until everything that happened so far was shared, or was not to be, and came to the partners. */
async function allIsShared(): Promise<void> {
  const sharing = await queuesOf(cloud.stack, 'PartnerSharing');
  await witnessIsHeard();
  await eventually(sharing.waiting, (count) => count === 0);
  await witnessIsHeard();
}

/** A change comes to the queue of sharing, and a share to the partner's, after what came before it. */
async function witnessIsHeard(): Promise<void> {
  const before = named(wholesaler, 'Witness').length;
  await firm.call(witness);
  await eventually(
    async () => named(wholesaler, 'Witness').length,
    (count) => count > before,
  );
}

describe('partners hear of a customer', () => {
  test('only from the customer’s consent on until it is withdrawn, and never by the consent for another', async () => {
    const id = await firm.customer('Ada');
    const sharedAfterACall = async () => {
      await firm.call(id);
      await allIsShared();
      return [named(carrier, 'Ada').length, named(wholesaler, 'Ada').length];
    };

    expect(await sharedAfterACall()).toEqual([0, 0]);
    expect(await firm.sharesOf(id)).toEqual([]);

    await firm.grant(id, 'SHARING', { partnerId: 'par_wholesaler' });
    expect(await sharedAfterACall()).toEqual([0, 1]);

    await firm.grant(id, 'SHARING', { partnerId: 'par_carrier' });
    expect(await sharedAfterACall()).toEqual([1, 2]);

    await firm.withdraw(id, 'SHARING', { partnerId: 'par_carrier' });
    expect(await sharedAfterACall()).toEqual([1, 3]);
    const shared = [...named(carrier, 'Ada'), ...named(wholesaler, 'Ada')];
    expect((await firm.sharesOf(id)).toSorted()).toEqual(shared.toSorted());
  });

  test('of imported contacts too, of which nobody else is told', async () => {
    const address = 'ina@customer.example';
    const id = await firm.customer('Ina', { identities: [{ kind: 'EMAIL', value: address }] });
    await firm.grant(id, 'SHARING');
    await firm.grant(id, 'SERVICE');
    await firm.grant(id, 'MARKETING');

    await firm.order(id, 200, { via: 'IMPORT' });
    await eventually(
      () => firm.scoreOf(id),
      ({ stage }) => stage === 'LAPSED',
    );
    await firm.call(id, { via: 'IMPORT' });
    await firm.order(id, 0, { via: 'IMPORT' });
    await allIsShared();
    expect(named(carrier, 'Ina')).toHaveLength(1);

    await firm.call(id);
    await firm.order(id);
    await eventually(
      () => firm.mailsTo(address),
      (mails) => mails.length > 0,
    );
    await eventually(
      () => firm.toldOf('Ina'),
      (rules) => rules.length > 0,
    );
    await allIsShared();
    expect(await firm.toldOf('Ina')).toEqual(['contact']);
    expect(await firm.mailsTo(address)).toHaveLength(1);
    expect(named(carrier, 'Ina')).toHaveLength(2);
  });

  test('until the agreement ends', async () => {
    const id = await firm.customer('Eva');
    await firm.grant(id, 'SHARING');
    await firm.call(id);
    await allIsShared();

    await firm.asAdmin('mutation($id: ID!) { endSharingAgreement(input: { id: $id }) { endedAt } }', {
      id: agreement,
    });
    await firm.call(id);
    await allIsShared();

    expect([named(carrier, 'Eva').length, named(wholesaler, 'Eva').length]).toEqual([1, 2]);
    expect(await firm.sharesOf(id)).toHaveLength(3);
  });
});

describe('mail for marketing', () => {
  async function customerAt(name: string, domain: string) {
    const address = `${name}@${domain}`;
    const id = await firm.customer(name, { identities: [{ kind: 'EMAIL', value: address }] });
    await firm.grant(id, 'MARKETING', { channel: 'EMAIL' });
    await firm.order(id);
    return {
      id,
      mails: () => firm.mailsTo(address),
      states: async () =>
        (await firm.messagesTo(id)).filter(({ rule }) => rule === 'win-back').map(({ state }) => state),
      consents: async () => {
        const { customer } = await firm.asSales<{ customer: { consents: { state: string }[] } }>(
          'query($id: ID!) { customer(id: $id) { consents { purpose state } } }',
          { id },
        );
        return customer.consents.map(({ state }) => state);
      },
    };
  }

  const are = (wanted: string) => (states: readonly string[]) => states.toSorted().join() === wanted;

  test('stops when the customer unsubscribes or complains, and when the address bounces', async () => {
    const loyal = await customerAt('loyal', 'customer.example');
    const leaving = await customerAt('leaving', 'customer.example');
    const bouncing = await customerAt('bouncing', 'bounce.example');
    const annoyed = await customerAt('annoyed', 'complaint.example');
    const all = [loyal, leaving, bouncing, annoyed];
    for (const { id } of all) {
      await eventually(
        () => firm.scoreOf(id),
        ({ frequency }) => frequency === 1,
      );
    }

    await tick(cloud.stack, 180.5);
    await eventually(loyal.states, are('DELIVERED'));
    await eventually(leaving.states, are('DELIVERED'));
    await eventually(bouncing.states, are('BOUNCED'));
    await eventually(annoyed.states, are('COMPLAINED'));
    await eventually(annoyed.consents, are('WITHDRAWN'));

    const [mail] = await leaving.mails();
    const link = mail?.headers['List-Unsubscribe']?.replace(/^<(.+)>$/, '$1') ?? '';
    expect(mail?.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
    expect(mail?.text).toContain(link);
    const page = await fetch(link);
    expect([page.status, await leaving.consents()]).toEqual([200, ['GRANTED']]);
    const clicked = await fetch(link, { method: 'POST', body: 'List-Unsubscribe=One-Click' });
    expect([clicked.status, await leaving.consents()]).toEqual([200, ['WITHDRAWN']]);

    // Whoever buys again may lapse again.
    for (const { id } of all) await firm.order(id, -0.9);
    for (const { id } of all) {
      await eventually(
        () => firm.scoreOf(id),
        ({ frequency }) => frequency === 2,
      );
    }
    await tick(cloud.stack, 182);
    await eventually(loyal.states, are('DELIVERED,DELIVERED'));
    await eventually(bouncing.states, are('BOUNCED,SUPPRESSED'));
    expect((await Promise.all(all.map(({ mails }) => mails()))).map(({ length }) => length)).toEqual([
      2, 1, 1, 1,
    ]);
    expect([await leaving.states(), await annoyed.states()]).toEqual([['DELIVERED'], ['COMPLAINED']]);
  }, 60_000);
});
