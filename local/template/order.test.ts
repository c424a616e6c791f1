import fc from 'fast-check';
import { expect, test } from 'vitest';
import { creationOrder, dependenciesOf } from './order.ts';

const resources = { A: { Type: 'T' }, B: { Type: 'T' }, C: { Type: 'T' } };

test('a resource depends on what its properties refer to and on its DependsOn', () => {
  const resource = {
    Type: 'T',
    DependsOn: 'A',
    Properties: {
      x: [{ 'Fn::Sub': [`\${B.Arn} \${own} \${!C} \${AWS::Region}`, { own: { Ref: 'Stage' } }] }],
    },
  };

  expect(dependenciesOf(resource, resources, () => true)).toEqual(new Set(['A', 'B']));
});

test('of an Fn::If only the taken branch counts', () => {
  const resource = {
    Type: 'T',
    Properties: { 'Fn::If': ['Which', { Ref: 'A' }, { 'Fn::GetAtt': 'B.Arn' }] },
  };

  expect(dependenciesOf(resource, resources, () => true)).toEqual(new Set(['A']));
  expect(dependenciesOf(resource, resources, () => false)).toEqual(new Set(['B']));
});

test('a DependsOn on what does not exist is refused', () => {
  expect(() => dependenciesOf({ Type: 'T', DependsOn: ['Z'] }, resources, () => true)).toThrow(
    'DependsOn names Z, which is no resource of the stack',
  );
});

test('a ring is refused with its members', () => {
  const ring = new Map([
    ['A', new Set(['B'])],
    ['B', new Set(['C'])],
    ['C', new Set(['B'])],
  ]);

  expect(() => creationOrder(ring)).toThrow('B -> C -> B');
});

test('every resource comes once, after what it depends on', () => {
  const acyclic = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 12 }).map((rows) => {
    const entries = rows.map(
      (row, index) => [String(index), new Set(index === 0 ? [] : row.map((n) => String(n % index)))] as const,
    );
    return new Map(entries.toReversed());
  });
  fc.assert(
    fc.property(acyclic, (dependencies) => {
      const order = creationOrder(dependencies);

      expect(order.toSorted()).toEqual([...dependencies.keys()].toSorted());
      for (const [id, needed] of dependencies) {
        for (const other of needed) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
      }
    }),
  );
});
