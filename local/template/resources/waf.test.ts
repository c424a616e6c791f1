import { describe, expect, test } from 'vitest';
import { deploy } from '../deploy.ts';
import { wafTypes } from './waf.ts';

const place = { region: 'eu-west-1', accountId: '111122223333' };
const apiArn = 'arn:aws:appsync:eu-west-1:111122223333:apis/abc';

const VisibilityConfig = { MetricName: 'x', SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true };
const rate = (statement: object = {}, more: object = {}) => ({
  Name: 'rate',
  Priority: 1,
  Statement: { RateBasedStatement: { Limit: 100, AggregateKeyType: 'IP', ...statement } },
  Action: { Block: {} },
  VisibilityConfig,
  ...more,
});
const header = (match: object = {}) => ({
  ByteMatchStatement: {
    FieldToMatch: { SingleHeader: { Name: 'Authorization' } },
    PositionalConstraint: 'STARTS_WITH',
    SearchString: 'AWS4-HMAC-SHA256',
    TextTransformations: [{ Priority: 0, Type: 'NONE' }],
    ...match,
  },
});
const method = (FieldToMatch: object = { Method: {} }) =>
  header({ FieldToMatch, PositionalConstraint: 'EXACTLY', SearchString: 'POST' });
const and = (...Statements: object[]) => ({ AndStatement: { Statements } });
const scoped = (ScopeDownStatement: object) => [rate({ ScopeDownStatement })];
const reputation = (Name = 'AWSManagedRulesAmazonIpReputationList') => ({
  Name: 'reputation',
  Priority: 0,
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name } },
  OverrideAction: { None: {} },
  VisibilityConfig,
});

function deployed(Rules: object[], more: object = {}, associations: object[] = [{}]) {
  const waf = wafTypes();
  const Acl = {
    Type: 'AWS::WAFv2::WebACL',
    Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, Rules, VisibilityConfig, ...more },
  };
  const associated = associations.map((properties, index) => [
    `Association${index}`,
    {
      Type: 'AWS::WAFv2::WebACLAssociation',
      Properties: { ResourceArn: apiArn, WebACLArn: { 'Fn::GetAtt': ['Acl', 'Arn'] }, ...properties },
    },
  ]);
  const template = {
    Resources: { Acl, ...Object.fromEntries(associated) },
    Outputs: { ref: { Value: { Ref: 'Acl' } }, arn: { Value: { 'Fn::GetAtt': ['Acl', 'Arn'] } } },
  };
  const stack = { name: 'app', accountId: undefined, region: undefined, template, assets: new Map() };
  const deployment = deploy([stack], waf.types, place);
  return { ...deployment, rulesFor: waf.rulesFor };
}

test('the rate rules of an API are enforced by their priority, and the reputation list is inert', () => {
  const counting = rate({ Limit: 10, EvaluationWindowSec: 60 }, { Priority: 3, Action: { Count: {} } });

  const { rulesFor, inert, outputs } = deployed([{ ...counting, Name: 'last' }, rate(), reputation()]);

  expect(rulesFor(apiArn)).toEqual([
    { name: 'rate', limit: 100, windowSeconds: 300, action: 'BLOCK' },
    { name: 'last', limit: 10, windowSeconds: 60, action: 'COUNT' },
  ]);
  expect(inert).toEqual([
    {
      type: 'AWSManagedRulesAmazonIpReputationList',
      count: 1,
      reason: 'the addresses it blocks are those of the internet',
    },
  ]);
  expect(outputs.get('app')).toEqual({
    ref: expect.stringMatching(/^app-Acl-\w+\|\w+\|REGIONAL$/),
    arn: expect.stringMatching(/^arn:aws:wafv2:eu-west-1:111122223333:regional\/webacl\/app-Acl-\w+\/\w+$/),
  });
});

test('a rate rule counts what its scope says: requests whose header or method has a text, or both, or all others', () => {
  const lowercase = header({
    FieldToMatch: { SingleHeader: { Name: 'X-Client' } },
    PositionalConstraint: 'ENDS_WITH',
    SearchString: '-app',
    TextTransformations: [
      { Priority: 1, Type: 'LOWERCASE' },
      { Priority: 0, Type: 'NONE' },
    ],
  });

  const { rulesFor } = deployed([
    rate({ ScopeDownStatement: { NotStatement: { Statement: header() } } }),
    rate({ ScopeDownStatement: lowercase }, { Priority: 2 }),
    rate({ ScopeDownStatement: and(header(), method()) }, { Priority: 3 }),
    rate({ ScopeDownStatement: { NotStatement: { Statement: and(header(), method()) } } }, { Priority: 4 }),
  ]);

  const signed = {
    field: { header: 'authorization' },
    position: 'STARTS_WITH',
    text: 'AWS4-HMAC-SHA256',
    lowercase: false,
  };
  const app = { field: { header: 'x-client' }, position: 'ENDS_WITH', text: '-app', lowercase: true };
  const post = { field: 'METHOD', position: 'EXACTLY', text: 'POST', lowercase: false };
  expect(rulesFor(apiArn).map(({ scope }) => scope)).toEqual([
    { matches: [signed], negated: true },
    { matches: [app], negated: false },
    { matches: [signed, post], negated: false },
    { matches: [signed, post], negated: true },
  ]);
});

test('without an association nothing is enforced', () => {
  expect(deployed([rate()], {}, []).rulesFor(apiArn)).toEqual([]);
});

describe('what is not run here is refused by its name', () => {
  test.each<[string, object[]]>([
    ['a GeoMatchStatement', [{ ...rate(), Statement: { GeoMatchStatement: { CountryCodes: ['DE'] } } }]],
    ['AWS AWSManagedRulesSQLiRuleSet', [reputation('AWSManagedRulesSQLiRuleSet')]],
    ['has ForwardedIPConfig', [rate({ ForwardedIPConfig: {} })]],
    ['AggregateKeyType of rule rate is FORWARDED_IP', [rate({ AggregateKeyType: 'FORWARDED_IP' })]],
    ['Limit of rule rate is 9', [rate({ Limit: 9 })]],
    ['EvaluationWindowSec of rule rate is 90', [rate({ EvaluationWindowSec: 90 })]],
    ['the Action of rule rate is Captcha', [rate({}, { Action: { Captcha: {} } })]],
    ['has CustomResponse', [rate({}, { Action: { Block: { CustomResponse: { ResponseCode: 429 } } } })]],
    ['rule rate has ChallengeConfig', [rate({}, { ChallengeConfig: {} })]],
    ['the Statement of rule rate is {}', [rate({}, { Statement: {} })]],
    ['two rules have the priority 1', [rate(), rate()]],
  ])('%s', (message, rules) => {
    expect(() => deployed(rules)).toThrow(message);
  });

  test.each<[string, object]>([
    ['the ScopeDownStatement of rule rate is {}', {}],
    ['is a GeoMatchStatement: here it is a ByteMatchStatement, an AndStatement', { GeoMatchStatement: {} }],
    [
      'the ScopeDownStatement of rule rate is a OrStatement',
      { OrStatement: { Statements: [header(), method()] } },
    ],
    ['the AndStatement of rule rate has 1 Statements: give at least two', and(header())],
    ['the AndStatement of rule rate has 0 Statements', { AndStatement: {} }],
    [
      'the AndStatement of rule rate has More',
      { AndStatement: { Statements: [header(), method()], More: 1 } },
    ],
    ['a Statement in the AndStatement of rule rate is {}', and(header(), {})],
    [
      'a Statement in the AndStatement of rule rate is a NotStatement: here it is a ByteMatchStatement',
      and(header(), { NotStatement: { Statement: method() } }),
    ],
    [
      'a Statement in the AndStatement of rule rate is a AndStatement',
      and(header(), and(header(), method())),
    ],
    ['the FieldToMatch of rule rate is Body', and(header(), method({ Body: {} }))],
    ['the Method of rule rate has Name', method({ Method: { Name: 'POST' } })],
    ['is {"SingleHeader":{"Name":"x"},"Method":{}}', method({ SingleHeader: { Name: 'x' }, Method: {} })],
    ['the Statement in the NotStatement of rule rate is undefined', { NotStatement: {} }],
    ['the NotStatement of rule rate has More', { NotStatement: { Statement: header(), More: 1 } }],
    [
      'is a NotStatement around a NotStatement',
      { NotStatement: { Statement: { NotStatement: { Statement: header() } } } },
    ],
    [
      'the FieldToMatch of rule rate is Body: here it is SingleHeader or Method',
      header({ FieldToMatch: { Body: {} } }),
    ],
    ['the FieldToMatch of rule rate is undefined', header({ FieldToMatch: undefined })],
    [
      'the SingleHeader of rule rate has More',
      header({ FieldToMatch: { SingleHeader: { Name: 'x', More: 1 } } }),
    ],
    ['the header of rule rate is ""', header({ FieldToMatch: { SingleHeader: { Name: '' } } })],
    ['PositionalConstraint of rule rate is CONTAINS_WORD', header({ PositionalConstraint: 'CONTAINS_WORD' })],
    ['SearchString of rule rate is ""', header({ SearchString: '' })],
    ['give a text of 1 to 200 bytes', header({ SearchString: 'é'.repeat(101) })],
    ['has SearchStringBase64', header({ SearchStringBase64: 'QVdTNA==' })],
    ['rule rate has no TextTransformations', header({ TextTransformations: [] })],
    [
      'a TextTransformation of rule rate is URL_DECODE',
      header({ TextTransformations: [{ Priority: 0, Type: 'URL_DECODE' }] }),
    ],
    [
      'the Priorities of the TextTransformations of rule rate are 0, 0',
      header({ TextTransformations: Array(2).fill({ Priority: 0, Type: 'NONE' }) }),
    ],
    ['rule rate are NaN: give each a whole number', header({ TextTransformations: [{ Type: 'NONE' }] })],
    [
      'a TextTransformation of rule rate has More',
      header({ TextTransformations: [{ Priority: 0, Type: 'NONE', More: 1 }] }),
    ],
  ])('a scope: %s', (message, scope) => {
    expect(() => deployed(scoped(scope))).toThrow(message);
  });

  test.each<[string, object]>([
    ['Scope is CLOUDFRONT', { Scope: 'CLOUDFRONT' }],
    ['DefaultAction is {"Block":{}}', { DefaultAction: { Block: {} } }],
    ['does not know the property CustomResponseBodies', { CustomResponseBodies: {} }],
  ])('%s', (message, more) => {
    expect(() => deployed([rate()], more)).toThrow(message);
  });

  test('a second web ACL, an unknown one, and one for anything but the API', () => {
    expect(() => deployed([rate()], {}, [{}, {}])).toThrow(`${apiArn} has a web ACL already`);
    expect(() => deployed([rate()], {}, [{ WebACLArn: 'arn:x' }])).toThrow('there is no web ACL arn:x');
    expect(() => deployed([rate()], {}, [{ ResourceArn: 'arn:pool' }]).rulesFor(apiArn)).toThrow(
      'A web ACL is associated with arn:pool',
    );
  });
});
