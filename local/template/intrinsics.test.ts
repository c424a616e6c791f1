import { describe, expect, test } from 'vitest';
import { conditionsOf } from './conditions.ts';
import { resolve, type Scope } from './intrinsics.ts';

const scope: Scope = {
  stackName: 'shop',
  pseudo: { 'AWS::Region': 'eu-central-1', 'AWS::AccountId': '111122223333' },
  mappings: { sizes: { 'eu-central-1': { small: '1' } } },
  parameter: (name) => (name === 'Stage' ? 'test' : undefined),
  condition: (name) => name === 'Yes',
  ref(logicalId) {
    if (logicalId === 'Table') return 'shop-Table-1';
    throw new Error(`${logicalId} is no resource or parameter`);
  },
  attribute: (logicalId, name) => `${logicalId}/${name}`,
  importValue: (name) => `imported:${name}`,
};

test.each([
  [{ Ref: 'Stage' }, 'test'],
  [{ Ref: 'Table' }, 'shop-Table-1'],
  [{ Ref: 'AWS::Region' }, 'eu-central-1'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'Table/Arn'],
  [{ 'Fn::GetAtt': 'Table.Stream.Arn' }, 'Table/Stream.Arn'],
  [{ 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 3]] }, 'a-test-3'],
  [{ 'Fn::Join': ['', { 'Fn::Split': [':', 'a:b:c'] }] }, 'abc'],
  [
    { 'Fn::Sub': `\${Stage}/\${AWS::Region}/\${Table.Arn}/\${!Kept}` },
    `test/eu-central-1/Table/Arn/\${Kept}`,
  ],
  [{ 'Fn::Sub': [`\${Own}/\${Stage}`, { Own: { Ref: 'Table' } }] }, 'shop-Table-1/test'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': ['/', 'x/y'] }] }, 'y'],
  [{ 'Fn::If': ['Yes', 'then', { 'Fn::Unknown': 1 }] }, 'then'],
  [{ 'Fn::If': ['No', { 'Fn::Unknown': 1 }, 'else'] }, 'else'],
  [{ 'Fn::FindInMap': ['sizes', { Ref: 'AWS::Region' }, 'small'] }, '1'],
  [{ 'Fn::FindInMap': ['sizes', 'mars', 'small', { DefaultValue: '9' }] }, '9'],
  [{ 'Fn::Base64': { Ref: 'Stage' } }, 'dGVzdA=='],
  [{ 'Fn::ImportValue': { 'Fn::Sub': `data:\${Stage}` } }, 'imported:data:test'],
  [{ Statement: { Condition: { Bool: { 'aws:SecureTransport': 'false' } } } }, undefined],
])('%j gives %j', (value, expected) => {
  expect(resolve(value, scope)).toEqual(expected ?? value);
});

test('AWS::NoValue takes the member or the element away that holds it', () => {
  const nothing = { Ref: 'AWS::NoValue' };

  expect(
    resolve({ kept: 1, gone: nothing, list: [nothing, 2, { 'Fn::If': ['No', 3, nothing] }] }, scope),
  ).toEqual({
    kept: 1,
    list: [2],
  });
  expect(resolve(nothing, scope)).toBeUndefined();
});

test.each([
  [{ a: { 'Fn::GetAZs': '' } }, ['a', 'Fn::GetAZs'], 'the intrinsic function Fn::GetAZs is not known here'],
  [{ a: [{ Ref: 'Nobody' }] }, ['a', '0', 'Ref'], 'Nobody is no resource or parameter'],
  [{ Ref: 'AWS::NotificationARNs' }, ['Ref'], 'the pseudo parameter AWS::NotificationARNs has no value here'],
  [{ 'Fn::Select': [2, ['a']] }, ['Fn::Select'], 'selects element 2 of a list of 1'],
  [{ 'Fn::Join': ['', 'text'] }, ['Fn::Join'], 'expects a list, got "text"'],
  [{ 'Fn::Join': ['', [{ x: 1 }]] }, ['Fn::Join'], 'expects a string, got {"x":1}'],
  [
    { 'Fn::FindInMap': ['sizes', 'mars', 'small'] },
    ['Fn::FindInMap'],
    'the mapping sizes.mars.small does not exist',
  ],
  [
    { key: '{{resolve:ssm:name}}' },
    ['key'],
    'the dynamic reference {{resolve:ssm:name}} has nothing to resolve it here',
  ],
])('%j is refused with the path to it', (value, path, message) => {
  expect(() => resolve(value, scope)).toThrow(expect.objectContaining({ path, message }));
});

describe('conditions', () => {
  const conditions = conditionsOf(
    {
      IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
      IsLive: { 'Fn::Not': [{ Condition: 'IsTest' }] },
      Both: { 'Fn::And': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsTest' }, { Condition: 'IsLive' }] },
      Ring: { 'Fn::Not': [{ Condition: 'Ring' }] },
      Wrong: { 'Fn::Join': ['', []] },
      Alone: { 'Fn::And': [{ Condition: 'IsTest' }] },
    },
    scope,
  );

  test.each([
    ['IsTest', true],
    ['IsLive', false],
    ['Both', false],
    ['Either', true],
  ])('%s is %s', (name, expected) => {
    expect(conditions(name)).toBe(expected);
  });

  test.each([
    ['Ring', 'the condition Ring refers to itself'],
    ['Wrong', '{"Fn::Join":["",[]]} is not a condition function'],
    ['Alone', 'Fn::And expects a list of 2 to 10 values'],
    ['Nobody', 'the condition Nobody does not exist'],
  ])('%s is refused', (name, message) => {
    expect(() => conditions(name)).toThrow(message);
  });
});
