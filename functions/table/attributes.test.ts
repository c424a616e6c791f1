import { expect, test } from 'vitest';
import { attributesOf, namesOf, projecting, reading } from './attributes.ts';

const attributes = {
  tenant: {},
  id: {},
  name: {},
  team: {},
  sortName: {},
  requestFingerprint: {},
  change: {},
};
const told = attributesOf({ schema: { attributes } }, 'sortName');

test('what is told of an item are its attributes, without stamp, retries and what serves keys', () => {
  expect(told).toEqual(['id', 'name', 'team']);
});

test('the names of a type are those that it has, or may have', () => {
  expect(namesOf<{ id: string; name?: string }>({ id: true, name: true })).toEqual(['id', 'name']);
  // @ts-expect-error the name is forgotten
  namesOf<{ id: string; name?: string }>({ id: true });
});

test('a row is read as far as it has what is told, and nothing else of it', () => {
  const row = { pk: 'demo#1', sk: 'one', id: '1', name: '', change: { id: 'x' }, __edb_e__: 'thing' };

  expect(reading(told)(row)).toEqual({ id: '1', name: '' });
});

test('a query reads what is told alone, each attribute once, beside the names that it has itself', () => {
  const query = { KeyConditionExpression: '#pk = :pk', ExpressionAttributeNames: { '#pk': 'pk' } };

  expect(projecting([...told, 'name', 'sk'])(query)).toEqual({
    ...query,
    ProjectionExpression: '#read0, #read1, #read2, #read3',
    ExpressionAttributeNames: {
      '#pk': 'pk',
      '#read0': 'id',
      '#read1': 'name',
      '#read2': 'team',
      '#read3': 'sk',
    },
  });
});
