import { coerceInputValue, type GraphQLInputType, parse, typeFromAST, validate } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../test/support/schema.ts';
import { cases, nameOf, type Operation } from './operations.ts';

const firm = { customerIds: ['cus_0', 'cus_1', 'cus_2'], withAddress: 3 };

/** What the public contract says against an operation. */
function faultsOf({ query, variables }: Operation): string[] {
  const document = parse(query);
  const faults = validate(schema, document).map(({ message }) => message);
  const [definition] = document.definitions;
  const declared = definition?.kind === 'OperationDefinition' ? (definition.variableDefinitions ?? []) : [];
  for (const { variable, type } of declared) {
    coerceInputValue(
      variables[variable.name.value],
      typeFromAST(schema, type as never) as GraphQLInputType,
      (path, _value, error) => faults.push(`${path.join('.')}: ${error.message}`),
    );
  }
  return faults;
}

function operationOf(name: string, n: number, run = 'r1'): Operation {
  const found = cases.find((one) => one.name === name);
  if (!found) throw new Error(`there is no case ${name}`);
  return found.operation(firm, n, run);
}

test.each(cases)('the contract takes "$name"', ({ operation }) => {
  for (const n of [0, 1, 2, 3]) expect(faultsOf(operation(firm, n, 'r1'))).toEqual([]);
});

test('a field that was renamed, and an input that is no more, are faults', () => {
  const { query, variables } = operationOf('create a customer', 0);
  const input = { ...(variables.input as object), nickname: 'Ada' };

  expect(faultsOf({ query: query.replace('createdAt', 'madeAt'), variables })).toEqual([
    expect.stringContaining('Cannot query field "madeAt" on type "Customer"'),
  ]);
  expect(faultsOf({ query, variables: { input } })).toEqual([
    expect.stringContaining('Field "nickname" is not defined by type "CreateCustomerInput"'),
  ]);
});

test('what writes is a mutation, and nothing else is', () => {
  for (const { writes, operation } of cases) {
    expect(operation(firm, 0, 'r1').query.startsWith('mutation')).toBe(writes);
  }
});

test('what creates is another thing each time, and in each run', () => {
  const ids = ['r1', 'r2'].flatMap((run) =>
    [0, 1, 2].map((n) => JSON.stringify(operationOf('create a customer', n, run).variables)),
  );

  expect(new Set(ids).size).toBe(6);
});

test('customers are drawn evenly', () => {
  const drawn = [0, 1, 2].map((n) => operationOf('customer 360', n).variables.id);

  expect(new Set(drawn)).toEqual(new Set(firm.customerIds));
});

test('400 people have names of their own before a number tells them apart', () => {
  const names = Array.from({ length: 800 }, (_, n) => nameOf(n));

  expect(names[0]).toBe('Ada Adams 0');
  expect(names[400]).toBe('Ada Adams 1');
  expect(new Set(names).size).toBe(800);
});
