import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './mappings.ts';

/** The template, in which queues hand over one message at a time. */
export function oneByOne(template: Template): Template {
  const resources = Object.entries(template.Resources ?? {}).map(([id, resource]) => {
    const isQueue = resource.Type === 'AWS::Lambda::EventSourceMapping' && resource.Properties?.ScalingConfig;
    return [id, isQueue ? { ...resource, Properties: { ...resource.Properties, BatchSize: 1 } } : resource];
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

/**
 * Copies an assembly, whose queues then hand over one message at a time. What a consumer reads once for all messages of a
 * delivery counts for each of them: the most that it can be, and the same whatever came together.
 */
export function copyOneByOne(assemblyDir: string, copyDir: string): void {
  cpSync(assemblyDir, copyDir, { recursive: true });
  for (const file of globSync('*.template.json', { cwd: copyDir })) {
    const path = join(copyDir, file);
    writeFileSync(path, JSON.stringify(oneByOne(JSON.parse(readFileSync(path, 'utf8')) as Template)));
  }
}
