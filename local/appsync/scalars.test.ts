import fc from 'fast-check';
import { buildSchema, type GraphQLScalarType, Kind } from 'graphql';
import { describe, expect, it } from 'vitest';
import { equip, scalarNames } from './scalars.ts';

function scalar(name: string): GraphQLScalarType {
  const type = buildSchema(`scalar ${name}\ntype Query { a: ${name} }`).getType(name) as GraphQLScalarType;
  equip(type);
  return type;
}

function takes(name: string, value: unknown): boolean {
  try {
    scalar(name).parseValue(value);
    return true;
  } catch {
    return false;
  }
}

const examples: Record<string, { good: unknown[]; bad: unknown[] }> = {
  AWSDate: {
    good: ['1970-01-01', '1970-01-01Z', '1970-01-01-07:00', '2024-02-29', '1970-01-01+05:30'],
    bad: ['1970-1-1', '2023-02-29', '1970-13-01', '1970-01-01T00:00Z', 19700101, ''],
  },
  AWSTime: {
    good: ['12:30', '12:30Z', '12:30:24-07:00', '12:30:24.500+05:30', '23:59:59.999999999Z'],
    bad: ['24:00', '12:60', '12', '12:30:24.', '12:30 Z'],
  },
  AWSDateTime: {
    good: ['1970-01-01T12:00Z', '1970-01-01T12:30:24-07:00', '2026-11-22T20:00:00.123Z'],
    bad: ['1970-01-01T12:00', '1970-01-01', '2023-02-30T00:00:00Z', '1970-01-01 12:00Z', 0],
  },
  AWSTimestamp: { good: [0, -5, 1714000000], bad: [1.5, '1714000000', Number.NaN] },
  AWSEmail: {
    good: ['a@b.example', 'first.last+tag@sub.example.com'],
    bad: ['a', 'a@', '@b.example', 'a b@c.example', 'a@b@c.example'],
  },
  AWSURL: {
    good: ['https://example.com/a?b=c', 'mailto:someone@example.com', 'ftp://example.com'],
    bad: ['example.com', '/relative', 'https://exa mple.com'],
  },
  AWSPhone: {
    good: ['+390612345678', '+1 206-555-0100', '206-555-0100'],
    bad: ['1110004444', '+44', 'call me', ''],
  },
  AWSIPAddress: {
    good: ['123.12.34.56', '123.12.34.56/16', '1a2b:3c4b::1234:4567', '1a2b::/64', '[1a2b::1]'],
    bad: ['256.1.1.1', '123.12.34.56/33', '1a2b:::1', '123.12.34', '1.2.3.4/8/8'],
  },
  AWSJSON: {
    good: ['{"a":[1]}', '1', 'true', '"text"', 'null'],
    bad: ['{a:1}', 'text', { a: 1 }, ''],
  },
};

describe('a scalar of AppSync', () => {
  it('is tested here, whichever it is', () => {
    expect(Object.keys(examples).sort()).toEqual([...scalarNames].sort());
  });

  for (const [name, { good, bad }] of Object.entries(examples)) {
    it.each(good)(`${name} takes %j`, (value) => expect(takes(name, value)).toBe(true));
    it.each(bad)(`${name} refuses %j`, (value) => expect(takes(name, value)).toBe(false));
  }

  it('gives out what it takes in, and nothing else', () => {
    for (const [name, { good, bad }] of Object.entries(examples)) {
      if (name === 'AWSJSON') continue;
      for (const value of good) expect(scalar(name).serialize(value)).toBe(value);
      for (const value of bad) expect(() => scalar(name).serialize(value)).toThrow(/^Unable to serialize/);
    }
  });

  it('takes any moment that Date writes', () => {
    fc.assert(
      fc.property(
        fc.date({ noInvalidDate: true, min: new Date('0001-01-01'), max: new Date('9999-12-31') }),
        (date) => {
          expect(takes('AWSDateTime', date.toISOString())).toBe(true);
          expect(takes('AWSDate', date.toISOString().slice(0, 10))).toBe(true);
        },
      ),
    );
  });
});

describe('AWSJSON', () => {
  it('is read on the way in and written on the way out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(scalar('AWSJSON').parseValue(text)).toEqual(JSON.parse(text));
        expect(scalar('AWSJSON').serialize(value)).toBe(text);
      }),
    );
  });

  it.each(['{"a":1e309}', '{"a":-1e400,"b":["1e309",{"c":12}]}', '[1e+309]', `{"a":1${'0'.repeat(400)}}`])(
    'hands numbers on that are too large for JavaScript: %s',
    (text) => {
      const value = scalar('AWSJSON').parseValue(text);
      expect(JSON.stringify(value)).toBe(text);
      expect(scalar('AWSJSON').serialize(value)).toBe(text);
    },
  );

  it('is a text in a query too', () => {
    const { parseLiteral } = scalar('AWSJSON');
    expect(parseLiteral({ kind: Kind.STRING, value: '{"a":1}' })).toEqual({ a: 1 });
    expect(() => parseLiteral({ kind: Kind.INT, value: '1' })).toThrow('Unable to parse');
  });
});
