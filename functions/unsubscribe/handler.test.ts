import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { isGranted, recordConsent } from '../../domain/customers/consent.ts';
import { unsubscribeGrants } from '../../infra/grants.ts';
import { AwsError } from '../../local/aws.ts';
import { startNotification } from '../../test/support/notification.ts';
import { rightsGranted } from '../../test/support/rights.ts';

const firm = await startNotification();
afterAll(() => firm.close());
const { handler } = await import('./handler.ts');
const { addConsent, consentsOf } = await import('../table/consents.ts');
const { consentIdFor } = await import('../table/ids.ts');
const granted = rightsGranted(unsubscribeGrants, firm.aws.tables);

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function request(method: string, path: string): Promise<Answer> {
  const event = { version: '2.0', rawPath: path, headers: {}, requestContext: { http: { method, path } } };
  firm.aws.guard((right) => granted.includes(right));
  try {
    return (await handler(event as unknown as LambdaFunctionURLEvent)) as Answer;
  } finally {
    firm.aws.guard(() => true);
  }
}

/** A customer who has consented and got a mail, and the path of the link in it. */
async function mailed(type: 'MARKETING' | 'SERVICE' = 'MARKETING', fields: object = {}) {
  const customer = await firm.customer(fields);
  for (const one of ['SERVICE', 'MARKETING']) await firm.consent(customer.id, one);
  const event = type === 'SERVICE' ? 'crm.order.placed.v1' : 'crm.customer.stage-changed.v1';
  await firm.deliver([firm.event(event, customer.id, { amount: '1.00' })]);
  const mail = firm.stored('message#').find(({ recipientId, channel }) => {
    return recipientId === customer.id && channel === 'EMAIL';
  });
  return { customer, id: String(mail?.id), path: `/${mail?.id}/${mail?.token}` };
}

/** The customer consents to marketing by mail once more. */
async function consentAgain(customerId: string, statedAt: string) {
  const { consent, change } = recordConsent(
    consentIdFor(customerId, statedAt, { caller: 'usr_nora' }),
    { customerId, purpose: 'MARKETING', channel: 'EMAIL', state: 'GRANTED', basis: 'CONSENT', statedAt },
    { id: `chg-${statedAt}`, at: statedAt, actor: 'usr_nora', reason: 'test', correlationId: 'req' },
  );
  await addConsent(consent, change, consent.id);
}

const allows = async (customerId: string, channel: 'EMAIL' | 'SMS' = 'EMAIL') =>
  isGranted(await consentsOf(customerId), { purpose: 'MARKETING', channel });

beforeEach(() => firm.aws.clear());

describe('who opens the link', () => {
  test('is asked by a page with a button, and nothing is withdrawn', async () => {
    const { customer, path } = await mailed();

    const { statusCode, headers, body } = await request('GET', path);

    expect(statusCode).toBe(200);
    expect(body).toContain('<html lang="en">');
    expect(body).toContain('Do you want no more offers and news of Demo Gifts by e-mail?');
    expect(body).toContain('<form method="post"><button>Unsubscribe</button></form>');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(await allows(customer.id)).toBe(true);
  });

  test('gets a page that can run nothing and sends its form nowhere else', async () => {
    const { path } = await mailed();
    const { headers, body } = await request('GET', path);

    expect(body).not.toMatch(/<script|onclick|href|src=/);
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });

  test.each([
    ['it-CH', 'it', 'Non vuole più ricevere offerte'],
    ['de', 'de', 'Möchten Sie keine Angebote'],
    ['fr', 'en', 'Do you want no more offers'],
  ])('and speaks %s reads %s', async (language, lang, text) => {
    const { path } = await mailed('MARKETING', { language });
    const { body } = await request('GET', path);

    expect(body).toContain(`<html lang="${lang}">`);
    expect(body).toContain(text);
  });

  test('with a scanner that asks for the head gets no body and withdraws nothing', async () => {
    const { customer, path } = await mailed();

    expect(await request('HEAD', path)).toMatchObject({ statusCode: 200, body: '' });
    expect(await allows(customer.id)).toBe(true);
  });
});

describe('who posts', () => {
  test('withdraws the consent to marketing by mail, with proof, and to nothing else', async () => {
    const { customer, id, path } = await mailed();

    const { statusCode, body } = await request('POST', path);

    expect(statusCode).toBe(200);
    expect(body).toContain('You are unsubscribed: Demo Gifts sends you no more');
    expect(body).not.toContain('<form');
    expect(await allows(customer.id)).toBe(false);
    expect(await allows(customer.id, 'SMS')).toBe(true);
    const withdrawal = (await consentsOf(customer.id)).find(({ state }) => state === 'WITHDRAWN');
    expect(withdrawal).toMatchObject({
      purpose: 'MARKETING',
      channel: 'EMAIL',
      proof: `List-Unsubscribe ${id}`,
      recordedBy: 'fn_unsubscribe',
    });
  });

  test('gets no more mail for marketing', async () => {
    const { customer, path } = await mailed();
    await request('POST', path);
    firm.senders.takeSent();
    await firm.deliver([firm.event('crm.customer.stage-changed.v1', customer.id)]);

    expect(firm.senders.takeSent().map(({ service }) => service)).toEqual(['sns']);
  });

  test('twice is told the same, and it is recorded once', async () => {
    const { path } = await mailed();
    const first = await request('POST', path);
    const before = firm.aws.items();

    expect(await request('POST', path)).toEqual(first);
    expect(firm.aws.items()).toEqual(before);
  });

  test.each([
    ['', 1],
    [', by a clock that is an hour fast,', 3_600_000],
  ])('after having consented again%s withdraws again', async (_, aheadMs) => {
    const { customer, path } = await mailed();
    await request('POST', path);
    await consentAgain(customer.id, new Date(Date.now() + aheadMs).toISOString());
    expect(await allows(customer.id)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 5));

    await request('POST', path);

    expect(await allows(customer.id)).toBe(false);
    const before = firm.aws.items();
    await request('POST', path);
    expect(firm.aws.items()).toEqual(before);
  });

  test('is told to try again when the table cannot be written', async () => {
    const { path } = await mailed();
    firm.aws.disturb((action, run) => {
      if (action === 'TransactWriteItems') throw new AwsError('ValidationException', 'The table is out');
      return run();
    });
    const { statusCode, body } = await request('POST', path);
    firm.aws.disturb((_action, run) => run());

    expect(statusCode).toBe(500);
    expect(body).toContain('try again in a minute');
  });
});

describe('a link is not valid', () => {
  test.each(['GET', 'POST'])(
    'for %s with another token, of another message or without any',
    async (method) => {
      const { customer, id, path } = await mailed();
      const other = await mailed();
      const token = path.split('/').at(-1) ?? '';
      const changed = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
      const nobodys = 'msg_cus_00000000000000000000000000_00000000000000000000000000';
      const wrong = [
        '/',
        `/${id}`,
        `/${id}/`,
        `/${id}/${changed}`,
        `/${id}/${token}x`,
        `/${id}/undefined`,
        `/${other.id}/${token}`,
        `/${nobodys}/${token}`,
        `/../${id}/${token}`,
      ];
      for (const one of wrong) {
        const { statusCode, body } = await request(method, one);
        expect([one, statusCode]).toEqual([one, 404]);
        expect(body).toContain('This link of Demo Gifts is not valid');
        expect(body).not.toContain('<form');
      }
      expect(await allows(customer.id)).toBe(true);
    },
  );

  test('of a mail that is no marketing', async () => {
    const { path } = await mailed('SERVICE');

    expect(await request('POST', path)).toMatchObject({ statusCode: 404 });
  });

  test('with another method', async () => {
    const { customer, path } = await mailed();

    expect(await request('DELETE', path)).toMatchObject({
      statusCode: 405,
      headers: { allow: 'GET, HEAD, POST' },
    });
    expect(await allows(customer.id)).toBe(true);
  });
});
