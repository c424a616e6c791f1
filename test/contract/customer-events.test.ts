import { expect, test } from 'vitest';
import { eventSchemas } from '../../domain/events.ts';
import { shareableEvents } from '../../domain/partners/shareable.ts';
import { customerEvents, shareableEvents as deployed } from '../../infra/customer-events.ts';

test('rules of a tenant and subscribers can be on every event that concerns one customer, and on no other', () => {
  const concerning = Object.entries(eventSchemas).filter(
    ([, { entries }]) => 'customerId' in entries && entries.customerId.type === 'string',
  );

  expect(customerEvents.toSorted()).toEqual(concerning.map(([type]) => type).toSorted());
});

test('partner-sharing waits for every event that an agreement may name, and for no other', () => {
  expect(deployed.toSorted()).toEqual(Object.keys(shareableEvents).toSorted());
});
