import { globSync, readFileSync } from 'node:fs';
import { buildSchema, isEnumType, Kind, parse, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { channels } from '../../domain/interactions/channel.ts';
import { messageStates } from '../../domain/interactions/message.ts';
import { orderStates } from '../../domain/sales/order-state.ts';
import { roles } from '../../domain/team/actor.ts';
import { ROLES } from '../../infra/constructs/staff-pool.ts';
import { loadTenant, tenantNames } from '../../infra/tenant.ts';

const sdl = ['graphql/appsync.graphql', ...globSync('graphql/schema/*.graphql')]
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

/** All groups that a directive of the schema lets in. */
function groupsInSchema(): string[] {
  const groups = new Set<string>();
  visit(parse(sdl), {
    Directive: ({ arguments: args = [] }) => {
      for (const { name, value } of args) {
        if (name.value !== 'cognito_groups' || value.kind !== Kind.LIST) continue;
        for (const group of value.values) groups.add('value' in group ? String(group.value) : group.kind);
      }
    },
  });
  return [...groups];
}

const sorted = (names: Iterable<string>) => [...names].sort();

describe('a role is the same', () => {
  test('to the domain and to the pool of users', () => {
    expect(sorted(ROLES)).toEqual(sorted(roles));
  });

  test('to the domain and to the directives of the schema, where no group is another thing', () => {
    expect(sorted(groupsInSchema())).toEqual(sorted(roles));
  });
});

describe('a channel is the same', () => {
  test('to the domain and to the schema', () => {
    const type = buildSchema(sdl).getType('Channel');
    expect(isEnumType(type) && sorted(type.getValues().map(({ name }) => name))).toEqual(sorted(channels));
  });

  test.each(tenantNames())('to the domain and to the tenant file, which names all of them: %s', (name) => {
    const { sale, ...byChannel } = loadTenant(name).engagement.points;
    expect(sale).toBeGreaterThan(0);
    expect(sorted(Object.keys(byChannel))).toEqual(sorted(channels));
  });
});

test('a state of a message is the same to the domain and to the schema', () => {
  const type = buildSchema(sdl).getType('MessageState');
  expect(isEnumType(type) && sorted(type.getValues().map(({ name }) => name))).toEqual(sorted(messageStates));
});

test('a state of an order is the same to the domain and to the schema', () => {
  const type = buildSchema(sdl).getType('OrderState');
  expect(isEnumType(type) && sorted(type.getValues().map(({ name }) => name))).toEqual(sorted(orderStates));
});
