import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatAST, parse, print, visit } from 'graphql';

/**
 * The schema as AppSync takes it: all files of a folder merged, without descriptions, which AppSync has refused for
 * years. The files themselves stay the reference.
 */
export function deployedSchema(folder: string): string {
  const documents = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => parse(readFileSync(join(folder, file), 'utf8'), { noLocation: true }));
  const bare = visit(concatAST(documents), {
    enter: (node) =>
      'description' in node && node.description ? { ...node, description: undefined } : undefined,
  });
  return print(bare);
}
