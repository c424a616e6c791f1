import { buildSchema, type FieldNode, type FragmentDefinitionNode, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createQueries } from './documents.ts';
import { selectionOf } from './selection.ts';

// Each fragment spreads the next one twice: 2^40 ways lead to the last.
const levels = 40;
const text = [
  '{ me { ...f0 } }',
  ...Array.from({ length: levels }, (_, n) => `fragment f${n} on User { ...f${n + 1} ...f${n + 1} }`),
  `fragment f${levels} on User { id }`,
].join('\n');

test('fragments that are spread again and again are walked once', () => {
  const document = parse(text);
  const [operation] = document.definitions;
  const fragments = Object.fromEntries(
    document.definitions
      .filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const me = operation?.kind === Kind.OPERATION_DEFINITION ? operation.selectionSet.selections[0] : undefined;

  expect(selectionOf([me as FieldNode], fragments, {}).selectionSetList).toEqual(['id']);
}, 2000);

test('the depth of such a query is measured at once', () => {
  const schema = buildSchema('type Query { me: User } type User { id: ID }');

  expect(() => createQueries(schema, { depth: 15, introspection: true })(text)).not.toThrow();
}, 5000);
