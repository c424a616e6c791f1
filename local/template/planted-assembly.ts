import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Writes an assembly of stacks, for tests, and answers its folder. Each stack depends on the ones before it, or on those
 * that `dependencies` names for it.
 */
export function plantAssembly(
  stacks: Readonly<Record<string, object>>,
  dependencies: Readonly<Record<string, readonly string[]>> = {},
): string {
  const dir = mkdtempSync(join(tmpdir(), 'assembly-'));
  const names = Object.keys(stacks);
  const artifacts: Record<string, object> = {};
  const files = {
    abc: { source: { path: 'asset.abc' }, destinations: { here: { objectKey: 'abc.zip' } } },
  };
  for (const [index, name] of names.toReversed().entries()) {
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      environment: 'aws://unknown-account/unknown-region',
      properties: { templateFile: `${name}.template.json` },
      dependencies: [...(dependencies[name] ?? names.slice(0, names.length - 1 - index)), `${name}.assets`],
    };
    artifacts[`${name}.assets`] = { type: 'cdk:asset-manifest', properties: { file: `${name}.assets.json` } };
    writeFileSync(join(dir, `${name}.template.json`), JSON.stringify(stacks[name]));
    writeFileSync(join(dir, `${name}.assets.json`), JSON.stringify({ files }));
  }
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts }));
  return dir;
}
