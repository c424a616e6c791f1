import { describe, expect, it } from 'vitest';
import type { BusEvent } from './event.ts';
import { compileInput, type TargetInput } from './target-input.ts';

const event: BusEvent = {
  version: '0',
  id: 'e1',
  'detail-type': 'order.placed',
  source: 'shop',
  account: '000000000000',
  time: '2026-01-02T03:04:05Z',
  region: 'eu-central-1',
  resources: ['r1', 'r2'],
  detail: {
    state: 'RUNNING',
    total: 12.5,
    note: 'say "hi"\n',
    lines: [{ sku: 'A' }, { sku: 'B' }],
    'order-id': 7,
  },
};
const context = { ruleArn: 'arn:rule', ruleName: 'placed', ingestionTime: '2026-01-02T03:04:06Z' };
const make = (input: TargetInput) => compileInput(input)(event, JSON.stringify(event), context);
const template = (inputTemplate: string, inputPathsMap: Record<string, string> = {}) =>
  make({ inputTransformer: { inputTemplate, inputPathsMap } });

describe('the input of a target', () => {
  it('is the event itself without anything else said', () => {
    expect(JSON.parse(make({}))).toEqual(event);
  });

  it('is a constant when one is given', () => {
    expect(make({ input: '{"a":1}' })).toBe('{"a":1}');
  });

  it.each([
    ['$', event],
    ['$.detail.state', 'RUNNING'],
    ['$.detail.lines[1].sku', 'B'],
    ['$.detail.lines[*].sku', ['A', 'B']],
    ['$.detail.order-id', 7],
    ['$.resources', ['r1', 'r2']],
    ['$.detail.nothing', {}],
  ])('is the part of the event at %s', (inputPath, expected) => {
    expect(JSON.parse(make({ inputPath }))).toEqual(expected);
  });
});

describe('an input transformer', () => {
  const paths = {
    state: '$.detail.state',
    total: '$.detail.total',
    note: '$.detail.note',
    lines: '$.detail.lines',
    nothing: '$.detail.nothing',
  };

  it('fills a sentence', () => {
    expect(template('"<state> costs <total>"', paths)).toBe('"RUNNING costs 12.5"');
  });

  it('fills JSON with values of their own types', () => {
    expect(JSON.parse(template('{"s":<state>,"t":<total>,"l":<lines>,"n":<nothing>}', paths))).toEqual({
      s: 'RUNNING',
      t: 12.5,
      l: [{ sku: 'A' }, { sku: 'B' }],
      n: '',
    });
  });

  it('keeps JSON valid when a value in quotes has quotes itself', () => {
    const made = template('{"text":"they <note>, \\"<state>\\" <nothing>!","all":"<lines>"}', paths);
    expect(JSON.parse(made)).toEqual({
      text: 'they say "hi"\n, "RUNNING" !',
      all: '[{"sku":"A"},{"sku":"B"}]',
    });
  });

  it('knows the variables of the rule and the event', () => {
    const { detail, ...rest } = event;
    const made = template(
      '{"arn":<aws.events.rule-arn>,"name":"<aws.events.rule-name>","at":<aws.events.event.ingestion-time>,"full":<aws.events.event.json>,"head":<aws.events.event>}',
    );
    expect(JSON.parse(made)).toEqual({
      arn: 'arn:rule',
      name: 'placed',
      at: '2026-01-02T03:04:06Z',
      full: event,
      head: rest,
    });
  });
});

describe('an input is refused', () => {
  it.each<[string, TargetInput]>([
    ['that is two things at once', { input: '{}', inputPath: '$' }],
    ['that is no JSON', { input: '{' }],
    ['with a path in brackets', { inputPath: "$['detail']" }],
    ['with a path that does not start at the event', { inputPath: 'detail' }],
    ['with a variable that nothing defines', { inputTransformer: { inputTemplate: '"<state>"' } }],
    [
      'with a variable of a reserved name',
      { inputTransformer: { inputTemplate: '"x"', inputPathsMap: { 'aws.x': '$' } } },
    ],
  ])('%s', (_, input) => {
    expect(() => compileInput(input)).toThrow();
  });
});
