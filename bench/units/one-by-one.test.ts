import { expect, test } from 'vitest';
import { assemblyDir } from '../../test/support/assembly.ts';
import { oneByOne } from './one-by-one.ts';
import { templatesIn } from './resources.ts';

const sizesIn = (templates: ReturnType<typeof templatesIn>, isQueue: boolean) =>
  templates
    .flatMap(({ Resources = {} }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::EventSourceMapping')
    .filter(({ Properties }) => (Properties?.ScalingConfig !== undefined) === isQueue)
    .map(({ Properties }) => Properties?.BatchSize);

test('every queue of the stack hands over one message at a time, the stream as before', () => {
  const templates = templatesIn(assemblyDir);
  const changed = templates.map(oneByOne);

  expect(sizesIn(templates, true).length).toBeGreaterThan(3);
  expect(new Set(sizesIn(changed, true))).toEqual(new Set([1]));
  expect(sizesIn(changed, false)).toEqual([100]);
});

test('nothing else of a template changes', () => {
  const template = {
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    Outputs: { Name: { Value: 'x' } },
  };

  expect(oneByOne(template)).toEqual(template);
});
