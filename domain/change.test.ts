import { expect, test } from 'vitest';
import { cause } from '../test/support/domain.ts';
import { stamp } from './change.ts';
import type { DomainEvent } from './events.ts';

test('a stamp is the cause with its events, in their order', () => {
  const events: DomainEvent[] = [
    {
      type: 'crm.customer.updated.v1',
      subject: 'cus_1',
      sequence: 2,
      data: { customerId: 'cus_1', changedFields: ['name'] },
    },
    {
      type: 'crm.score.changed.v1',
      subject: 'cus_1',
      sequence: 5,
      data: { customerId: 'cus_1', at: cause.at },
    },
  ];

  const change = stamp({ ...cause, causationId: 'evt_0' }, ...events);

  expect(change).toEqual({ ...cause, causationId: 'evt_0', events });
});
