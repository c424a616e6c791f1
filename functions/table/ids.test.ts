import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';

vi.stubEnv('TENANT', 'demo');
vi.stubEnv('TABLE_NAME', 'crm');
vi.stubEnv('AWS_REGION', 'eu-west-2');
vi.stubEnv('AWS_ACCESS_KEY_ID', 'unused');
vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'unused');
const {
  consentIdFor,
  customerIdFor,
  fingerprint,
  fingerprintOfCreation,
  firstUlidAt,
  interactionIdFor,
  isProductId,
  messageIdFor,
  orderIdFor,
  partnerReference,
  partsOfConsentId,
  partsOfInteractionId,
  partsOfMessageId,
  productIdFor,
  shareIdFor,
} = await import('./ids.ts');

const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const moment = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const customerId = `cus_${'0'.repeat(26)}`;

describe('the id of a customer', () => {
  test('is the same for the same request of the same caller, and another for another', () => {
    fc.assert(
      fc.property(text, text, text, text, (caller, request, otherCaller, otherRequest) => {
        fc.pre(request !== '' && otherRequest !== '');
        const first = customerIdFor({ caller, clientRequestId: request });
        const second = customerIdFor({ caller: otherCaller, clientRequestId: otherRequest });

        expect(first.slice(4)).toMatch(ulid);
        expect(first === second).toBe(caller === otherCaller && request === otherRequest);
      }),
    );
  });

  test.each([undefined, null])('is a new one each time with a clientRequestId of %s', (clientRequestId) => {
    const ids = Array.from({ length: 100 }, () => customerIdFor({ caller: 'usr_1', clientRequestId }));

    expect(new Set(ids).size).toBe(100);
  });
});

describe('the id of an interaction', () => {
  const own = { caller: 'usr_1' };

  test('tells the customer and where it lies', () => {
    fc.assert(
      fc.property(moment, (at) => {
        const id = interactionIdFor(customerId, at, own);

        expect(partsOfInteractionId(id)).toEqual({ customerId, time: id.slice(-26) });
      }),
    );
  });

  test('sorts by the time of the contact, and behind the first of its moment', () => {
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        fc.pre(a < b);
        const [earlier, later] = [interactionIdFor(customerId, a, own), interactionIdFor(customerId, b, own)];

        expect(earlier < later).toBe(true);
        expect(earlier.slice(-26) >= firstUlidAt(a)).toBe(true);
        expect(earlier.slice(-26) < firstUlidAt(b)).toBe(true);
      }),
    );
  });

  test('is the same for the same request', () => {
    const request = { caller: 'usr_1', clientRequestId: 'call-1' };
    const at = '2026-11-22T12:00:00.000Z';

    expect(interactionIdFor(customerId, at, request)).toBe(interactionIdFor(customerId, at, request));
    expect(interactionIdFor(customerId, at, own)).not.toBe(interactionIdFor(customerId, at, own));
  });

  test.each(['', 'int_', 'int_1_2', `cus_${'0'.repeat(26)}`, `int_${'0'.repeat(26)}_${'0'.repeat(25)}`])(
    '%j is none',
    (id) => {
      expect(partsOfInteractionId(id)).toBeUndefined();
    },
  );
});

describe('the id of a message', () => {
  const recipients = [customerId, 'usr_nora', 'usr_8a6e0804-2bd0-4672-b79d-d97027f9071a'];

  test.each(recipients)('to %s tells the recipient, and is a tag of SES', (recipientId) => {
    const id = messageIdFor(recipientId, '2026-11-22T12:00:00.000Z', 'evt_1', 'order', 'EMAIL');

    expect(partsOfMessageId(id)).toEqual({ recipientId, time: expect.stringMatching(ulid) });
    expect(id).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
  });

  test('is the same for the same event, rule, recipient and channel, and another for another', () => {
    const at = '2026-11-22T12:00:00.000Z';
    const parts = fc.tuple(fc.constantFrom(...recipients), text, text, fc.constantFrom('EMAIL', 'SMS'));
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const [one, other] = [a, b].map(([to, event, rule, channel]) =>
          messageIdFor(to, at, event, rule, channel),
        );
        expect(one === other).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test.each(['', 'msg_', 'msg_1', `msg_ord_${'0'.repeat(26)}_${'0'.repeat(26)}`, `msg_${customerId}_1`])(
    '%j is none',
    (id) => {
      expect(partsOfMessageId(id)).toBeUndefined();
    },
  );
});

describe('the id of an order', () => {
  test('follows from source and external id, and from nothing that only looks the same', () => {
    expect(orderIdFor('shop', '1')).toBe(orderIdFor('shop', '1'));
    expect(orderIdFor('shop', '1').slice(4)).toMatch(ulid);
    fc.assert(
      fc.property(text, text, text, text, (a, b, c, d) => {
        expect(orderIdFor(a, b) === orderIdFor(c, d)).toBe(a === c && b === d);
      }),
    );
    expect(orderIdFor('ab', 'c')).not.toBe(orderIdFor('a', 'bc'));
    expect(orderIdFor('a","b', 'c')).not.toBe(orderIdFor('a', 'b","c'));
  });
});

test('the fingerprints of two inputs are the same only when the inputs are', () => {
  const input = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.integer(), text), { maxKeys: 3 });
  fc.assert(
    fc.property(input, input, (a, b) => {
      expect(fingerprint(a) === fingerprint(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
    }),
  );
});

test('the id of a consent tells its customer and moment, and is the same for a retry', () => {
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const request = { caller: 'usr_ada', clientRequestId: 'once' };
      const parts = partsOfConsentId(consentIdFor(customerId, a, request));

      expect(parts?.customerId).toBe(customerId);
      expect(consentIdFor(customerId, a, request)).toBe(consentIdFor(customerId, a, request));
      if (a < b) expect(parts && parts.time < firstUlidAt(b)).toBe(true);
    }),
  );
  expect(consentIdFor(customerId, '2026-01-01T00:00:00Z', { caller: 'usr_ada' })).not.toBe(
    consentIdFor(customerId, '2026-01-01T00:00:00Z', { caller: 'usr_ada' }),
  );
  expect(partsOfConsentId('con_1')).toBeUndefined();
});

test('the id of a product follows from source and code', () => {
  fc.assert(
    fc.property(text, text, text, text, (a, b, c, d) => {
      expect(productIdFor(a, b) === productIdFor(c, d)).toBe(a === c && b === d);
    }),
  );
  expect(isProductId(productIdFor('shop', 'A'))).toBe(true);
  expect(isProductId(orderIdFor('shop', 'A'))).toBe(false);
});

test('the fingerprint of a creation does not ask how it came in, and takes null for nothing', () => {
  const print = fingerprintOfCreation({ a: 1 });

  expect(fingerprintOfCreation({ a: 1, b: null, c: { d: null }, via: 'IMPORT' })).toBe(print);
  expect(fingerprintOfCreation({ a: 1, b: 2 })).not.toBe(print);
});

describe('what a partner knows a customer by', () => {
  const known = (partner: string, customer: string, subject?: string) =>
    partnerReference(`par_${partner}`, `cus_${customer}`, subject);

  test('is the same each time, and another for another partner, customer or thing of the customer', () => {
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 3, maxLength: 3 }), ([a = '', b = '', c = '']) => {
        expect(known(a, b)).toBe(known(a, b));
        expect(known(a, b)).toBe(known(a, b, `cus_${b}`));
        expect(new Set([known(a, b), known(b, a), known(a, c), known(a, b, c), known(c, b, c)]).size).toBe(5);
      }),
    );
  });

  test('shows nothing of the ids', () => {
    const order = orderIdFor('shop', '536365');
    const reference = partnerReference('par_carrier', customerId, order);

    expect(reference).toMatch(/^ref_[0-9A-Z]{26}$/);
    expect(reference).not.toContain(order.slice(4, 12));
  });

  test('of an order cannot be told by who knows source and external id, but not the customer', () => {
    const order = orderIdFor('shop', '536365');

    expect(known('carrier', 'a', order)).not.toBe(known('carrier', 'b', order));
  });
});

test('the id of a share is the same for the same event and agreement, and sorts by the event’s time', () => {
  const event = { id: 'evt_1', time: '2026-11-20T10:00:00.000Z' };
  const later = { id: 'evt_0', time: '2026-11-20T10:00:00.001Z' };

  expect(shareIdFor('agr_1', event)).toBe(shareIdFor('agr_1', event));
  expect(shareIdFor('agr_2', event)).not.toBe(shareIdFor('agr_1', event));
  expect(shareIdFor('agr_1', later) > shareIdFor('agr_1', event)).toBe(true);
  expect(shareIdFor('agr_1', event)).toMatch(/^shr_[0-9A-Z]{26}$/);
});
