import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Share } from '../../domain/partners/share.ts';
import { startEnvironment } from '../../test/support/api.ts';

const aws = await startEnvironment();
afterAll(() => aws.close());
const { recordShare, sharesOf } = await import('./shares.ts');

const customerId = `cus_${'0'.repeat(26)}`;
const time = '0'.repeat(26);
const share: Share = {
  id: `shr_${time}`,
  customerId,
  partnerId: 'par_carrier',
  agreementId: `agr_${'0'.repeat(26)}`,
  agreementVersion: 2,
  purpose: 'delivery of ordered goods',
  event: 'crm.order.placed.v1',
  subjectId: `ord_${'0'.repeat(26)}`,
  fields: ['customer.name', 'order.total'],
  sharedAt: '2026-01-01T00:00:00.000Z',
};

beforeEach(() => aws.clear());

test('a share lies in its customer’s partition, in the order of time', async () => {
  await recordShare(share);

  expect(aws.items()).toEqual([
    {
      pk: { S: `demo#${customerId}` },
      sk: { S: `share#${time}` },
      tenant: { S: 'demo' },
      time: { S: time },
      id: { S: share.id },
      customerId: { S: customerId },
      partnerId: { S: share.partnerId },
      agreementId: { S: share.agreementId },
      agreementVersion: { N: '2' },
      purpose: { S: share.purpose },
      event: { S: share.event },
      subjectId: { S: share.subjectId },
      fields: { L: share.fields.map((field) => ({ S: field })) },
      sharedAt: { S: share.sharedAt },
      __edb_e__: { S: 'share' },
      __edb_v__: { S: '1' },
    },
  ]);
});

test('a share is recorded once: a later attempt is told what is on record', async () => {
  expect(await recordShare(share)).toEqual(share);

  expect(await recordShare({ ...share, fields: [] })).toEqual(share);
  expect((await sharesOf(customerId, {})).nodes).toEqual([share]);
});
