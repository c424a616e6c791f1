import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Condition, filterOf, passes } from './filter.ts';

const event = {
  kind: 'order',
  amount: 20,
  tags: ['a', 'b'],
  open: true,
  address: { city: 'Bologna' },
  none: null,
};

const one = (fieldName: string, operator: string, value: unknown) =>
  passes({ filterGroup: [{ filters: [{ fieldName, operator, value }] }] }, event);

describe('the operator', () => {
  const cases: [string, [field: string, value: unknown][], [field: string, value: unknown][]][] = [
    [
      'eq',
      [
        ['kind', 'order'],
        ['amount', 20],
        ['open', true],
        ['address.city', 'Bologna'],
      ],
      [
        ['kind', 'x'],
        ['amount', '20'],
        ['none', 'x'],
        ['missing', 1],
      ],
    ],
    [
      'ne',
      [
        ['kind', 'x'],
        ['missing', 'x'],
      ],
      [
        ['kind', 'order'],
        ['amount', 20],
      ],
    ],
    [
      'le',
      [
        ['amount', 20],
        ['kind', 'p'],
      ],
      [
        ['amount', 19],
        ['amount', '21'],
        ['missing', 1],
      ],
    ],
    [
      'lt',
      [['amount', 21]],
      [
        ['amount', 20],
        ['missing', 1],
      ],
    ],
    [
      'ge',
      [
        ['amount', 20],
        ['kind', 'a'],
      ],
      [
        ['amount', 21],
        ['missing', 1],
      ],
    ],
    [
      'gt',
      [['amount', 19]],
      [
        ['amount', 20],
        ['missing', 1],
      ],
    ],
    [
      'contains',
      [
        ['tags', 'a'],
        ['kind', 'rde'],
      ],
      [
        ['tags', 'c'],
        ['kind', 'x'],
        ['missing', 'x'],
      ],
    ],
    [
      'notContains',
      [
        ['tags', 'c'],
        ['kind', 'x'],
      ],
      [
        ['tags', 'a'],
        ['kind', 'rde'],
      ],
    ],
    [
      'beginsWith',
      [['kind', 'ord']],
      [
        ['kind', 'rder'],
        ['amount', '2'],
        ['missing', ''],
      ],
    ],
    [
      'in',
      [
        ['kind', ['x', 'order']],
        ['amount', [20]],
      ],
      [
        ['kind', ['x']],
        ['amount', ['20']],
      ],
    ],
    [
      'notIn',
      [
        ['kind', ['x']],
        ['missing', ['x']],
      ],
      [['kind', ['x', 'order']]],
    ],
    [
      'between',
      [
        ['amount', [20, 30]],
        ['amount', [10, 20]],
        ['kind', ['a', 'z']],
      ],
      [
        ['amount', [21, 30]],
        ['missing', [0, 1]],
      ],
    ],
    [
      'containsAny',
      [['tags', ['x', 'b']]],
      [
        ['tags', ['x', 'y']],
        ['missing', ['a']],
      ],
    ],
  ];
  for (const [operator, passing, failing] of cases) {
    it.each(passing)(`${operator} lets %s through for %j`, (field, value) =>
      expect(one(field, operator, value)).toBe(true),
    );
    it.each(failing)(`${operator} holds %s back for %j`, (field, value) =>
      expect(one(field, operator, value)).toBe(false),
    );
  }
});

describe('a filter', () => {
  const yes: Condition = { fieldName: 'kind', operator: 'eq', value: 'order' };
  const no: Condition = { fieldName: 'kind', operator: 'eq', value: 'x' };

  it('passes when all conditions of one of its groups hold', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.boolean(), { minLength: 1 })), (groups) => {
        const filterGroup = groups.map((group) => ({ filters: group.map((holds) => (holds ? yes : no)) }));
        expect(passes({ filterGroup }, event)).toBe(groups.some((group) => group.every((holds) => holds)));
      }),
    );
  });

  it('of resolver code is taken when it is within the limits', () => {
    const filter = {
      filterGroup: [{ filters: [{ fieldName: 'a', operator: 'in', value: [1, 2, 3, 4, 5] }, yes] }],
    };
    expect(filterOf(filter)).toEqual(filter);
  });

  it.each([
    ['no groups', {}, /no list filterGroup/],
    ['nothing', null, /no list filterGroup/],
    ['a group without filters', { filterGroup: [{}] }, /no list filters/],
    [
      'an unknown operator',
      { filterGroup: [{ filters: [{ ...yes, operator: 'like' }] }] },
      /no operator like/,
    ],
    [
      'six values for in',
      { filterGroup: [{ filters: [{ ...yes, operator: 'in', value: [1, 2, 3, 4, 5, 6] }] }] },
      /in takes at most 5 values, not 6/,
    ],
    [
      '21 values for containsAny',
      { filterGroup: [{ filters: [{ ...yes, operator: 'containsAny', value: Array(21).fill(1) }] }] },
      /containsAny takes at most 20 values, not 21/,
    ],
    ['no list for in', { filterGroup: [{ filters: [{ ...yes, operator: 'in' }] }] }, /in takes a list/],
    [
      'a path of six levels',
      { filterGroup: [{ filters: [{ ...yes, fieldName: 'a.b.c.d.e.f' }] }] },
      /deeper than 5 levels/,
    ],
    [
      'a path of 257 characters',
      { filterGroup: [{ filters: [{ ...yes, fieldName: 'a'.repeat(257) }] }] },
      /257 characters, but 256 are allowed/,
    ],
  ])('with %s is refused', (_what, filter, message) => {
    expect(() => filterOf(filter)).toThrow(message);
  });
});
