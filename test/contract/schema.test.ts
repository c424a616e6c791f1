import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildSchema,
  type DirectiveNode,
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';
import { expect, test } from 'vitest';
import { manifest } from '../../graphql/manifest.ts';

const files = ['graphql/appsync.graphql', ...globSync('graphql/schema/*.graphql')];
const schema = buildSchema(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
const fromAppSync = new Set(['AWSDateTime', 'AWSJSON']);
const types = Object.values(schema.getTypeMap()).filter(
  ({ name }) =>
    !name.startsWith('__') && !fromAppSync.has(name) && !/^(ID|String|Int|Float|Boolean)$/.test(name),
);
const roots = new Set(['Query', 'Mutation', 'Subscription']);

function fieldsOf(type: GraphQLNamedType) {
  const hasFields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
  return hasFields ? Object.values(type.getFields()) : [];
}

function isAuthorised(node: {
  readonly astNode?: { readonly directives?: readonly { name: { value: string } }[] } | null | undefined;
}) {
  return (
    node.astNode?.directives?.some(({ name }) => /^aws_(iam|cognito_user_pools)$/.test(name.value)) ?? false
  );
}

test('every type and field says what it means', () => {
  const undescribed = types.flatMap((type) => [
    ...(type.description || roots.has(type.name) ? [] : [type.name]),
    ...fieldsOf(type)
      .filter((field) => !field.description)
      .map((field) => `${type.name}.${field.name}`),
  ]);

  expect(types.length).toBeGreaterThan(40);
  expect(undescribed).toEqual([]);
});

test('every field that can be read is authorised, by itself or by its type', () => {
  const open = types
    .filter(isObjectType)
    .flatMap((type) => fieldsOf(type).map((field) => [type, field] as const))
    .filter(
      ([type, field]) =>
        !isAuthorised(field as GraphQLField<unknown, unknown>) && !isAuthorised(type as never),
    )
    .map(([type, field]) => `${type.name}.${field.name}`);

  expect(open).toEqual([]);
});

/** The groups that a directive lets in; none when it stands for all. */
function groupsOf(node: {
  readonly astNode?: { readonly directives?: readonly DirectiveNode[] } | null | undefined;
}) {
  const directive = node.astNode?.directives?.find(({ name }) => name.value === 'aws_cognito_user_pools');
  const argument = directive?.arguments?.find(({ name }) => name.value === 'cognito_groups')?.value;
  return argument?.kind === Kind.LIST
    ? argument.values.map((value) => (value.kind === Kind.STRING ? value.value : ''))
    : [];
}

test('who may ask for a field may read what it answers, all the way down', () => {
  const closed: string[] = [];
  const walk = (type: GraphQLNamedType, groups: readonly string[], path: string, seen: readonly string[]) => {
    if (!isObjectType(type) || seen.includes(type.name)) return;
    const open = groupsOf(type);
    closed.push(...groups.filter((group) => !open.includes(group)).map((group) => `${path} to ${group}`));
    for (const field of Object.values(type.getFields()))
      walk(getNamedType(field.type), groups, `${path}.${field.name}`, [...seen, type.name]);
  };
  for (const root of types.filter((type) => roots.has(type.name)))
    for (const field of fieldsOf(root) as GraphQLField<unknown, unknown>[])
      walk(getNamedType(field.type), groupsOf(field), `${root.name}.${field.name}`, []);

  expect(closed).toEqual([]);
});

test('every entry of the manifest is a field of the schema', () => {
  const unknown = Object.keys(manifest).filter((name) => {
    const [type = '', field = ''] = name.split('.');
    return !fieldsOf(schema.getType(type) as GraphQLNamedType).some((one) => one.name === field);
  });

  expect(unknown).toEqual([]);
});

test('every root field, and every field that takes a page, has a source in the manifest', () => {
  const needed = types.filter(isObjectType).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => roots.has(type.name) || field.args.length > 0)
      .map((field) => `${type.name}.${field.name}`),
  );

  expect(needed.filter((name) => !(name in manifest))).toEqual([]);
});

test('every mutation that changes something takes one input object', () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  expect(mutations.filter(({ args }) => args.map(({ name }) => name).join() !== 'input')).toEqual([]);
});

test('the generated types are those of the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelia-types-'));
  try {
    const config = JSON.parse(readFileSync('graphql/codegen.json', 'utf8'));
    const [generated] = Object.values(config.generates);
    const output = join(folder, 'types.ts');
    writeFileSync(
      join(folder, 'codegen.json'),
      JSON.stringify({ ...config, generates: { [output]: generated } }),
    );

    execFileSync('graphql-codegen', ['--config', join(folder, 'codegen.json')], { stdio: 'pipe' });

    const committed = readFileSync('graphql/generated/types.ts', 'utf8');
    expect(readFileSync(output, 'utf8'), 'run `npm run generate`').toBe(committed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
