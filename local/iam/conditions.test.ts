import { describe, expect, test } from 'vitest';
import { compileCondition } from './conditions.ts';
import type { Values } from './pattern.ts';

const request: Readonly<Record<string, Values>> = {
  'aws:sourceip': ['203.0.113.7'],
  'aws:sourcearn': ['arn:aws:events:eu-west-1:111122223333:rule/bus/scoring'],
  'aws:securetransport': ['true'],
  'aws:currenttime': ['2026-03-01T12:00:00Z'],
  'aws:principaltag/team': ['north'],
  's3:tlsversion': ['1.3'],
  's3:max-keys': ['10'],
  'dynamodb:leadingkeys': ['a', 'b'],
};

const holds = (condition: object) => compileCondition(condition, true).holds((key) => request[key]);

describe('a condition holds', () => {
  test.each<[object, boolean]>([
    [{ StringEquals: { 'aws:PrincipalTag/team': ['south', 'north'] } }, true],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'n*' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'NORTH' } }, true],
    [{ StringNotEqualsIgnoreCase: { 'aws:PrincipalTag/team': 'NORTH' } }, false],
    [{ StringLike: { 'aws:PrincipalTag/team': 'n?r*' } }, true],
    [{ StringNotLike: { 'aws:PrincipalTag/team': ['s*', 'n*'] } }, false],
    [{ StringNotEquals: { 'aws:PrincipalTag/team': ['south', 'west'] } }, true],
    [{ StringEquals: { 'aws:PrincipalTag/team': '${aws:PrincipalTag/team}' } }, true],
    [{ NumericLessThan: { 's3:TlsVersion': 1.2 } }, false],
    [{ NumericGreaterThanEquals: { 's3:TlsVersion': '1.3' } }, true],
    [{ NumericEquals: { 's3:max-keys': '10.0' } }, true],
    [{ NumericNotEquals: { 's3:max-keys': 10 } }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-02-28T23:59:59Z' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '1700000000' } }, false],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['198.51.100.1', '2001:db8::/32'] } }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, false],
    [{ ArnLike: { 'AWS:SourceArn': 'arn:aws:events:*:111122223333:rule/*' } }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:events:*:111122223333:rule/other' } }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } }, false],
    [{ Null: { 'aws:SourceVpc': 'true', 'aws:SourceIp': 'false' } }, true],
    [{ Null: { 'aws:SourceIp': true } }, false],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'north' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  ])('%j: %s', (condition, expected) => {
    expect(holds(condition)).toBe(expected);
  });
});

describe('a key that the request does not have', () => {
  test.each<[string, boolean]>([
    ['StringEquals', false],
    ['StringNotEquals', true],
    ['StringEqualsIfExists', true],
    ['ForAllValues:StringEquals', true],
    ['ForAnyValue:StringEquals', false],
    ['ForAnyValue:StringNotEquals', false],
    ['ForAnyValue:StringEqualsIfExists', true],
  ])('%s: %s', (operator, expected) => {
    expect(holds({ [operator]: { 'aws:SourceVpc': 'vpc-1' } })).toBe(expected);
  });
});

describe('a key with several values', () => {
  test.each<[string, string[], boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', ['a'], false],
    ['ForAllValues:StringNotEquals', ['c'], true],
    ['ForAllValues:StringNotEquals', ['a'], false],
    ['ForAnyValue:StringEquals', ['b'], true],
    ['ForAnyValue:StringLike', ['c*'], false],
    ['ForAnyValue:StringNotEquals', ['a'], true],
  ])('%s %j: %s', (operator, values, expected) => {
    expect(holds({ [operator]: { 'dynamodb:LeadingKeys': values } })).toBe(expected);
  });
});

test('the keys that it looks at are known, in variables too', () => {
  const { keys } = compileCondition(
    { StringEquals: { 'dynamodb:LeadingKeys': '${aws:PrincipalTag/team}' } },
    true,
  );

  expect(keys).toEqual(['dynamodb:leadingkeys', 'aws:principaltag/team']);
});

describe('refused is', () => {
  test.each<[unknown, string]>([
    [{ StringEqual: { a: 'b' } }, 'the condition operator StringEqual is unknown: use one of StringEquals'],
    [{ NullIfExists: { a: 'true' } }, 'the condition operator NullIfExists is unknown'],
    [{ 'ForSomeValues:StringEquals': { a: 'b' } }, 'the condition operator ForSomeValues:StringEquals'],
    [{ StringEquals: 'b' }, 'Condition.StringEquals is "b": give values by condition key'],
    [{ StringEquals: { a: [] } }, 'Condition.StringEquals.a is []: give one value'],
    [{ StringEquals: { a: [{}] } }, 'Condition.StringEquals.a is [{}]'],
    [{ NumericEquals: { a: 'ten' } }, 'Condition.NumericEquals.a: ten is not a number'],
    [{ DateEquals: { a: 'soon' } }, 'soon is not a date'],
    [{ Bool: { a: 'yes' } }, 'yes is not true or false'],
    [{ Null: { a: 'yes' } }, 'Condition.Null.a is yes: give true or false'],
    [{ IpAddress: { a: '10.0.0.0/33' } }, '10.0.0.0/33 is no address'],
    [{ ArnLike: { a: 'queue' } }, 'queue is no ARN'],
    ['always', 'Condition is "always"'],
  ])('%j', (condition, message) => {
    expect(() => compileCondition(condition, true)).toThrow(message);
  });
});
