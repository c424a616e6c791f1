/** Reading the closed files that describe tenants and partners: every typo is an error that names the remedy. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import * as v from 'valibot';
import { describeFault, oneOf } from './file-faults.ts';

/** A tenant or partner that is not there or whose file says something that it cannot mean. */
export class ConfigFileError extends Error {
  override name = 'ConfigFileError';
}

/** What the files of a folder describe, each a thing that says its name under a key. */
export interface Kind<S extends v.GenericSchema> {
  readonly what: string;
  readonly key: string;
  readonly folder: string;
  readonly schema: S;
}

/** The names that have a file in a folder. */
export function namesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** Reads and checks the file of a name. Throws `ConfigFileError` when there is none or it is wrong. */
export function loadFile<S extends v.GenericSchema>(kind: Kind<S>, name: string): v.InferOutput<S> {
  const names = namesIn(kind.folder);
  const folder = relative(join(import.meta.dirname, '..'), kind.folder);
  if (!names.includes(name)) {
    throw new ConfigFileError(
      `There is no ${kind.what} ${JSON.stringify(name)} in ${folder}. ${oneOf(name, names)}`,
    );
  }
  return parseFile(kind, `${folder}/${name}.json`, readFileSync(join(kind.folder, `${name}.json`), 'utf8'));
}

/** Checks the text of a file. Throws `ConfigFileError` with a line for each fault. */
export function parseFile<S extends v.GenericSchema>(
  { key, schema }: Pick<Kind<S>, 'key' | 'schema'>,
  file: string,
  json: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, readJson(file, json));
  if (!result.success) {
    throw new ConfigFileError(
      result.issues.map((issue) => `${file}: ${describeFault(schema, issue)}`).join('\n'),
    );
  }
  const expected = basename(file, '.json');
  const name = (result.output as Readonly<Record<string, unknown>>)[key];
  if (name !== expected) {
    throw new ConfigFileError(
      `${file}: ${key}: ${JSON.stringify(name)}. Allowed: "${expected}", as the file is named`,
    );
  }
  return result.output;
}

function readJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ConfigFileError(`${file}: not JSON: ${(error as Error).message}`);
  }
}
