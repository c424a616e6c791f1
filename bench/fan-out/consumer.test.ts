import { expect, test } from 'vitest';
import { withConsumer } from './consumer.ts';

const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'fidelia-demo' } };

test('a consumer is added to the bus of a template, and the rest stays', () => {
  const template = withConsumer({ Resources: { BusEA82B648: bus } });

  expect(template.Resources.BusEA82B648).toEqual(bus);
  expect(Object.values(template.Resources).map(({ Type }) => Type)).toEqual([
    'AWS::Events::EventBus',
    'AWS::SQS::Queue',
    'AWS::Events::Rule',
    'AWS::SQS::QueuePolicy',
  ]);
  expect(template.Resources.BenchRule?.Properties).toMatchObject({
    EventBusName: { Ref: 'BusEA82B648' },
    Targets: [{ Arn: { 'Fn::GetAtt': ['BenchQueue', 'Arn'] } }],
  });
});

test('a template without a bus is refused', () => {
  expect(() => withConsumer({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } })).toThrow('no event bus');
});
