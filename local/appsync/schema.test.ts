import { describe, expect, it } from 'vitest';
import { schemaOf } from './schema.ts';

const query = 'type Query { a: String }';

describe('a schema', () => {
  it('may use all that AppSync adds', () => {
    const { schema, mutationsOf } = schemaOf(`
      type Query @aws_iam { a: AWSDateTime @aws_cognito_user_pools(cognito_groups: ["x"]) b: AWSJSON }
      type Mutation { save: Saved _hidden: Saved }
      type Saved @aws_iam @aws_cognito_user_pools { id: ID! }
      type Subscription { onSaved(id: ID): Saved @aws_subscribe(mutations: ["save", "_hidden"]) }`);
    expect(schema.getQueryType()?.name).toBe('Query');
    expect(mutationsOf).toEqual(new Map([['onSaved', ['save', '_hidden']]]));
  });

  it.each([
    ['an extension', `${query} extend type Query { b: String }`, /does not take "extend Query"/],
    ['an extension of the schema', `${query} extend schema { mutation: Query }`, /does not take "extend/],
    [
      'an interface that implements one',
      `${query} interface A { id: ID } interface B implements A { id: ID }`,
      /no interface that implements an interface: B does/,
    ],
    ['a custom scalar', `${query} scalar Money`, /no custom scalars: use one of its own in place of Money/],
    ['a directive definition', `${query} directive @mine on OBJECT`, /directive definitions: remove @mine/],
    ['an unknown directive', 'type Query { a: String @mine }', /Unknown directive "@mine"/],
    ['an unknown type', 'type Query { a: Foo }', /Unknown type "Foo"/],
    ['no query', 'type Mutation { a: String }', /Query root type must be provided/],
    ['an operation', `${query} query { a }`, /holds no operations/],
    ['a syntax error', 'type Query {', /Syntax Error/],
    [
      'a subscription to an unknown mutation',
      `${query} type Mutation { a: String } type Subscription { s: String @aws_subscribe(mutations: ["b"]) }`,
      /Subscription.s subscribes to the unknown mutation b/,
    ],
    [
      'a subscription of another type than its mutation',
      `${query} type Mutation { a: Int } type Subscription { s: String @aws_subscribe(mutations: ["a"]) }`,
      /Subscription.s gives String, but its mutation a gives Int/,
    ],
  ])('with %s is refused', (_what, definition, message) => {
    expect(() => schemaOf(definition)).toThrow(message);
  });

  it('over 1 MB is refused', () => {
    const comment = `# ${'x'.repeat(1024 * 1024)}\n`;
    expect(() => schemaOf(comment + query)).toThrow(/has \d+ bytes, but AppSync takes at most 1048576/);
  });
});
