import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deployedSchema } from './schema.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fidelia-schema-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('the files are merged in order, and no description is left at any depth', () => {
  writeFileSync(
    join(folder, 'b.graphql'),
    '"A colour." enum Colour { "Like blood." RED }\n"An input." input In { "Of the input." a: Int = 1 }',
  );
  writeFileSync(
    join(folder, 'a.graphql'),
    '"""\nMany\nlines.\n"""\ntype Query @aws_iam { "A field." x("An argument." say: String = "a \\"word\\""): Colour }',
  );
  writeFileSync(join(folder, 'notes.txt'), 'not a schema');
  expect(deployedSchema(folder)).toBe(
    [
      'type Query @aws_iam {\n  x(say: String = "a \\"word\\""): Colour\n}',
      'enum Colour {\n  RED\n}',
      'input In {\n  a: Int = 1\n}',
    ].join('\n\n'),
  );
});

test('a file that is no SDL is an error', () => {
  writeFileSync(join(folder, 'a.graphql'), 'type Query {');
  expect(() => deployedSchema(folder)).toThrow('Syntax Error');
});
