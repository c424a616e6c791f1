import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { type Change, stamp } from '../../domain/change.ts';
import { type DomainEvent, envelopeSchema } from '../../domain/events.ts';
import { cause } from '../../test/support/domain.ts';

vi.stubEnv('TENANT', 'demo');
vi.stubEnv('BUS_NAME', 'bus-demo');
const { entriesOf, envelopesOf } = await import('./entries.ts');

const created: DomainEvent = {
  type: 'crm.customer.created.v1',
  subject: 'cus_1',
  sequence: 1,
  data: { customerId: 'cus_1', kind: 'PERSON' },
};
const updated: DomainEvent = {
  type: 'crm.customer.updated.v1',
  subject: 'cus_1',
  sequence: 2,
  data: { customerId: 'cus_1', changedFields: ['name'] },
};

const change = (id: string) => stamp({ ...cause, id }, created, updated);
const image = (content: object) => marshall({ pk: 'demo#cus_1', sk: 'view#profile', ...content });

function record(
  images: { before?: object; after?: object },
  more: Partial<DynamoDBRecord> = {},
): DynamoDBRecord {
  return {
    eventName: images.after ? (images.before ? 'MODIFY' : 'INSERT') : 'REMOVE',
    dynamodb: {
      SequenceNumber: '1',
      ...(images.before ? { OldImage: image(images.before) as never } : {}),
      ...(images.after ? { NewImage: image(images.after) as never } : {}),
    },
    ...more,
  };
}

describe('entriesOf', () => {
  test('gives an entry for each event of the change that a new item carries', () => {
    const entries = entriesOf(record({ after: { name: 'Ada', change: change('chg_1') } }));

    expect(entries).toEqual([
      expect.objectContaining({
        EventBusName: 'bus-demo',
        Source: 'fidelia',
        DetailType: 'crm.customer.created.v1',
        Time: new Date(cause.at),
      }),
      expect.objectContaining({ DetailType: 'crm.customer.updated.v1' }),
    ]);
    expect(JSON.parse(entries[0]?.Detail ?? '')).toEqual({
      specversion: '1.0',
      id: 'chg_1-0',
      source: 'fidelia',
      type: 'crm.customer.created.v1',
      time: cause.at,
      subject: 'cus_1',
      tenant: 'demo',
      sequence: 1,
      actor: 'usr_ada',
      correlationId: 'req_1',
      data: { customerId: 'cus_1', kind: 'PERSON' },
    });
  });

  test('gives entries when the change is another than before', () => {
    const entries = entriesOf(
      record({ before: { change: change('chg_1') }, after: { change: change('chg_2') } }),
    );

    expect(entries.map(({ Detail }) => JSON.parse(Detail ?? '').id)).toEqual(['chg_2-0', 'chg_2-1']);
  });

  test('gives the same ids when the record is read again', () => {
    const inserted = record({ after: { change: change('chg_1') } });

    expect(entriesOf(inserted)).toEqual(entriesOf(inserted));
  });

  test.each([
    ['a new item without a stamp, as a backfill writes', record({ after: { name: 'Ada' } })],
    [
      'an item written again with the stamp that it had, as re-keying does',
      record({ before: { change: change('chg_1') }, after: { name: 'Ada', change: change('chg_1') } }),
    ],
    ['a stamp that was taken off', record({ before: { change: change('chg_1') }, after: {} })],
    ['a removal, whose old image carries the last stamp', record({ before: { change: change('chg_1') } })],
    [
      'a removal by time to live',
      record({ before: { change: change('chg_1') } }, {
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      } as never),
    ],
    ['a record without images', { eventName: 'INSERT' as const }],
  ])('gives nothing for %s', (_, silent) => {
    expect(entriesOf(silent)).toEqual([]);
  });
});

describe('envelopesOf', () => {
  test('gives what the contract says, with the cause when there is one', () => {
    const [envelope] = envelopesOf({ ...change('chg_1'), causationId: 'evt_0' } satisfies Change);

    expect(() => v.parse(envelopeSchema('crm.customer.created.v1'), envelope)).not.toThrow();
    expect(envelope?.causationId).toBe('evt_0');
  });
});
