import { Entity } from 'electrodb';
import { expect, test, vi } from 'vitest';

vi.stubEnv('TENANT', 'demo');
vi.stubEnv('TABLE_NAME', 'crm-test');
const { crmTable, tenant } = await import('./client.ts');
const { putOf } = await import('./put.ts');

const things = new Entity(
  {
    model: { entity: 'thing', version: '1', service: 'crm' },
    attributes: { tenant: { type: 'string' }, id: { type: 'string' }, name: { type: 'string' } },
    indexes: {
      thing: {
        pk: { field: 'pk', composite: ['tenant', 'id'], template: '${tenant}#${id}', casing: 'none' },
        sk: { field: 'sk', composite: [], template: 'thing', casing: 'none' },
      },
    },
  } as const,
  crmTable,
);

test('a put is that of electrodb', () => {
  const put = putOf('thing', { pk: 'demo#one', sk: 'thing' }, { id: 'one', name: 'One' });

  expect(put).toEqual(things.put({ tenant, id: 'one', name: 'One' }).params());
});

test('no attribute takes the place of a key', () => {
  const { Item } = putOf('thing', { pk: 'demo#one', sk: 'thing' }, { pk: 'demo#other', id: 'one' });

  expect(Item).toMatchObject({ pk: 'demo#one' });
});
