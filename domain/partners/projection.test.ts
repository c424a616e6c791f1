import { describe, expect, test } from 'vitest';
import { customer } from '../../test/support/domain.ts';
import { agreement, eventOf } from '../../test/support/sharing.ts';
import { fitting, mostSharedBytes, project } from './projection.ts';
import { type SharedFacts, shareableFields } from './shareable.ts';

const facts: SharedFacts = {
  customer: customer({
    identities: [
      { kind: 'EMAIL', value: 'ada@example.com' },
      { kind: 'EXTERNAL_ID', source: 'shop', value: '17850' },
    ],
    address: { city: 'London', country: 'GB', lines: ['12 St James’s Square'] },
  }),
};
const all = Object.keys(shareableFields);
const projectionOf = (fields: readonly string[], known: SharedFacts = facts) =>
  project(
    agreement({ fields, events: ['crm.customer.created.v1'] }),
    eventOf('crm.customer.created.v1'),
    known,
  );

describe('a projection', () => {
  test('has the listed fields at their places, and names them', () => {
    expect(projectionOf(['customer.name', 'customer.address.country', 'customer.address.city'])).toEqual({
      data: { customer: { name: 'Ada Byron', address: { country: 'GB', city: 'London' } } },
      fields: ['customer.name', 'customer.address.country', 'customer.address.city'],
    });
  });

  test('leaves out what has no value, and does not name it', () => {
    expect(projectionOf(['customer.language', 'customer.stage', 'customer.address.region'])).toEqual({
      data: {},
      fields: [],
    });
  });

  test('has no field of a record that the event is not about', () => {
    const order = { total: { amount: '1.00', currency: 'GBP' } } as never;

    expect(projectionOf(all, { ...facts, order }).data).not.toHaveProperty('order');
  });

  test('makes new objects, which hold nothing of what stands beside', () => {
    const odd = {
      ...facts.customer,
      identities: [{ kind: 'EXTERNAL_ID', source: 's', value: '1', note: 'x' }],
    };

    const { data } = projectionOf(['customer.externalIds'], { customer: odd as never });

    expect(data).toEqual({ customer: { externalIds: [{ source: 's', value: '1' }] } });
  });

  test.each([{ first: 'Ada' }, ['Ada'], 7, null, true])(
    'leaves out a value of another form than the catalogue’s: %j',
    (name) => {
      expect(projectionOf(['customer.name'], { customer: customer({ name: name as never }) }).data).toEqual(
        {},
      );
    },
  );

  test.each([
    'customer',
    'customer.ownerId',
    'customer.address',
    '__proto__.polluted',
    'constructor.name',
    '',
  ])('has nothing for %j, which the catalogue does not know', (field) => {
    expect(projectionOf([field])).toEqual({ data: {}, fields: [] });
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('what fits', () => {
  const linesOf = (count: number, description: string) =>
    Array.from({ length: count }, () => ({ code: 'A', description, quantity: '1', unitPrice: '1' }));
  const withLines = (lines: readonly object[]) => ({
    data: { customer: { name: 'Ada' }, order: { lineCount: lines.length, lines } },
    fields: ['customer.name', 'order.lineCount', 'order.lines'],
  });

  test('is whole up to 1 MB', () => {
    const projection = withLines(linesOf(1000, 'x'.repeat(900)));
    expect(Buffer.byteLength(JSON.stringify(projection.data))).toBeLessThan(mostSharedBytes);

    expect(fitting(projection)).toBe(projection);
  });

  test('is without the lines beyond that, counted in bytes, and says so', () => {
    const projection = withLines(linesOf(1000, '☃'.repeat(340)));
    expect(JSON.stringify(projection.data).length).toBeLessThan(mostSharedBytes);

    expect(fitting(projection)).toEqual({
      data: { customer: { name: 'Ada' }, order: { lineCount: 1000 } },
      fields: ['customer.name', 'order.lineCount'],
      leftOut: ['order.lines'],
    });
  });
});
