import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { loadAssembly } from './assembly.ts';
import { type Created, deploy, type Properties, type Resource, type ResourceTypes } from './deploy.ts';
import { plantAssembly } from './planted-assembly.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function assembly(stacks: Record<string, object>, dependencies?: Record<string, string[]>): string {
  const dir = plantAssembly(stacks, dependencies);
  folders.push(dir);
  return dir;
}

const place = { region: 'eu-central-1', accountId: '111122223333' };

/** Deploys with one run type, `Test::Thing`, and one inert, `Test::Quiet`; answers what was created, in order. */
function deployed(stacks: Record<string, object>, dependencies?: Record<string, string[]>) {
  const created: { resource: Resource; properties: Properties }[] = [];
  const types: ResourceTypes = {
    'Test::Thing': {
      treatment: 'run',
      properties: { Name: 'applied', Other: 'applied', Tags: 'without effect' },
      create(properties, resource): Created {
        created.push({ resource, properties });
        return { ref: resource.name(), attributes: { Arn: `arn:${resource.logicalId}` } };
      },
    },
    'Test::Quiet': { treatment: 'inert', reason: 'nobody listens', create: () => ({ ref: 'quiet' }) },
  };
  const deployment = deploy(loadAssembly(assembly(stacks, dependencies)), types, place);
  return { ...deployment, created };
}

const thing = (Properties: object = {}, more: object = {}) => ({ Type: 'Test::Thing', Properties, ...more });

test('resources come after those they refer to, across stacks too', () => {
  const { created, outputs } = deployed({
    data: {
      Resources: { Second: thing({ Name: { 'Fn::GetAtt': ['First', 'Arn'] } }), First: thing() },
      Outputs: { Out: { Value: { 'Fn::GetAtt': ['First', 'Arn'] }, Export: { Name: 'data:First' } } },
    },
    app: { Resources: { Third: thing({ Name: { 'Fn::ImportValue': 'data:First' } }) } },
  });

  expect(created.map(({ resource }) => resource.logicalId)).toEqual(['First', 'Second', 'Third']);
  expect(created[2]?.properties).toEqual({ Name: 'arn:First' });
  expect(outputs.get('data')).toEqual({ Out: 'arn:First' });
});

describe('stacks that depend on each other', () => {
  const exporting = (Name: string, ...imports: string[]) => ({
    Resources: { Own: thing({ Name: imports.map((one) => ({ 'Fn::ImportValue': one })) }) },
    Outputs: { Out: { Value: { 'Fn::GetAtt': ['Own', 'Arn'] }, Export: { Name } } },
  });
  const stacks = {
    partnerB: exporting('partnerB:Bus', 'app:Role', 'data:Bus'),
    app: exporting('app:Role', 'data:Bus'),
    partnerA: exporting('partnerA:Bus', 'app:Role'),
    routes: exporting('routes:All', 'partnerA:Bus', 'partnerB:Bus'),
    data: exporting('data:Bus'),
  };

  test('are deployed after those that they depend on, and read what those export', () => {
    const { created } = deployed(stacks, {
      data: [],
      app: ['data'],
      partnerA: ['app'],
      partnerB: ['app', 'data'],
      routes: ['partnerA', 'partnerB'],
    });

    const order = created.map(({ resource }) => resource.stack);
    expect(order.toSorted()).toEqual(['app', 'data', 'partnerA', 'partnerB', 'routes']);
    expect(order.slice(0, 2)).toEqual(['data', 'app']);
    expect(order.at(-1)).toBe('routes');
    expect(created.at(-1)?.properties).toEqual({ Name: ['arn:Own', 'arn:Own'] });
  });

  test('but do not say so are refused, with the export that is missing', () => {
    const independent = Object.fromEntries(Object.keys(stacks).map((name) => [name, []]));

    expect(() => deployed(stacks, independent)).toThrow(
      /no stack exports \S+ that is deployed before \w+: export it, and let \w+ depend on the stack that does/,
    );
  });

  test('and export the same name twice are refused', () => {
    expect(() => deployed({ one: exporting('same'), two: exporting('same') })).toThrow(
      'same is exported already',
    );
  });
});

test('generated names are the same at every start and differ between accounts', () => {
  const stacks = { app: { Resources: { First: thing() } } };

  const [once, again] = [deployed(stacks), deployed(stacks)].map(({ created }) => created[0]?.resource);

  expect(once?.name()).toBe(again?.name());
  expect(once?.name()).toMatch(/^app-First-[0-9A-Z]{12}$/);
  expect(once?.name(20)).toHaveLength(20);
});

test('assets are found by the key of their object', () => {
  const { created } = deployed({ app: { Resources: { First: thing() } } });

  expect(created[0]?.resource.assets.get('abc.zip')).toMatch(/asset\.abc$/);
});

test('what a condition leaves out is not created, and its outputs are not given', () => {
  const { created, outputs } = deployed({
    app: {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Conditions: { Live: { 'Fn::Equals': [{ Ref: 'Stage' }, 'live'] } },
      Resources: {
        Always: thing({ Name: { 'Fn::If': ['Live', { Ref: 'OnlyLive' }, { Ref: 'AWS::NoValue' }] } }),
        OnlyLive: thing({}, { Condition: 'Live' }),
      },
      Outputs: { Live: { Value: { Ref: 'OnlyLive' }, Condition: 'Live' } },
    },
  });

  expect(created.map(({ resource, properties }) => [resource.logicalId, properties])).toEqual([
    ['Always', {}],
  ]);
  expect(outputs.get('app')).toEqual({});
});

test('inert resources are listed with their number and reason', () => {
  const quiet = { Type: 'Test::Quiet', Properties: { Anything: { goes: 1 } } };

  const { inert } = deployed({ app: { Resources: { A: quiet, B: quiet } } });

  expect(inert).toEqual([{ type: 'Test::Quiet', count: 2, reason: 'nobody listens' }]);
});

test.each([
  [
    'an unknown type',
    { Resources: { Odd: { Type: 'AWS::Odd::Thing' }, Odder: { Type: 'AWS::Odder::Thing' } } },
    'does not know these resource types: AWS::Odd::Thing (stack app, Odd), AWS::Odder::Thing (stack app, Odder)',
  ],
  [
    'an unknown property',
    { Resources: { A: thing({ Colour: 'red' }) } },
    'Stack app, A (Test::Thing): the local cloud does not know the property Colour',
  ],
  [
    'an intrinsic that cannot be resolved',
    { Resources: { A: thing({ Name: { deep: [{ 'Fn::GetAZs': '' }] } }) } },
    'Stack app, A (Test::Thing), Properties.Name.deep.0.Fn::GetAZs: the intrinsic function',
  ],
  [
    'a missing attribute',
    { Resources: { A: thing(), B: thing({ Name: { 'Fn::GetAtt': ['A', 'Colour'] } }) } },
    'Properties.Name.Fn::GetAtt: Test::Thing A has no attribute Colour here',
  ],
  [
    'a ring',
    { Resources: { A: thing({ Name: { Ref: 'B' } }), B: thing({}, { DependsOn: 'A' }) } },
    'Stack app, Resources: Resources depend on each other: A -> B -> A',
  ],
  [
    'an import of what nobody exports',
    { Resources: { A: thing({ Name: { 'Fn::ImportValue': 'data:X' } }) } },
    'no stack exports data:X',
  ],
  [
    'a parameter without a value',
    { Parameters: { Stage: { Type: 'String' } }, Resources: { A: thing({ Name: { Ref: 'Stage' } }) } },
    'the parameter Stage has no default',
  ],
  [
    'a reference to a resource that its condition leaves out',
    {
      Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
      Resources: { A: thing({ Name: { Ref: 'B' } }), B: thing({}, { Condition: 'Never' }) },
    },
    'B is left out by its condition',
  ],
])('%s is refused', (_, stack, message) => {
  expect(() => deployed({ app: stack })).toThrow(message);
});

test('a bootstrap parameter that nothing reads does not disturb', () => {
  const Parameters = { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' } };

  expect(deployed({ app: { Parameters, Resources: { A: thing() } } }).created).toHaveLength(1);
  expect(() =>
    deployed({ app: { Parameters, Resources: { A: thing({ Name: { Ref: 'BootstrapVersion' } }) } } }),
  ).toThrow('the parameter BootstrapVersion is read from SSM at deploy');
});

test('an empty folder, a nested assembly and a malformed template are refused by name', () => {
  const empty = mkdtempSync(join(tmpdir(), 'assembly-'));
  const nested = mkdtempSync(join(tmpdir(), 'assembly-'));
  folders.push(empty, nested);
  writeFileSync(join(nested, 'manifest.json'), '{"artifacts":{"Stage":{"type":"cdk:cloud-assembly"}}}');
  mkdirSync(join(nested, 'x'));

  expect(() => loadAssembly(empty)).toThrow('synthesize the CDK app');
  expect(() => loadAssembly(nested)).toThrow('holds the nested assembly Stage');
  expect(() => loadAssembly(assembly({ app: { Resources: { A: { Kind: 1 } } } }))).toThrow(
    'app.template.json is not what the CDK writes: Resources.A.Type',
  );
});
