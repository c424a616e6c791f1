import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../infra/synth.ts';
import { loadTenant } from '../../infra/tenant.ts';

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

/** A template as synthesis writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>
  >;
}

/** What was synthesized for a tenant. */
export interface Assembly {
  readonly folder: string;
  readonly data: Template;
  readonly app: Template;
  /** By name. */
  readonly partners: Readonly<Record<string, Template>>;
}

const made: string[] = [];

/** Synthesizes a tenant into a folder of its own, which `removeAssemblies` removes. */
export async function assemblyOf(tenant: string): Promise<Assembly> {
  const folder = mkdtempSync(join(tmpdir(), `fidelia-${tenant}-`));
  made.push(folder);
  await synthesize({ tenant, outdir: folder });
  const read = (stack: string) => readTemplate(folder, `fidelia-${tenant}-${stack}`);
  const partners = loadTenant(tenant).partners.map((name) => [name, read(`partner-${name}`)] as const);
  return { folder, data: read('data'), app: read('app'), partners: Object.fromEntries(partners) };
}

/** The template of a stack in the folder of an assembly. */
export const readTemplate = (folder: string, stack: string): Template =>
  JSON.parse(readFileSync(join(folder, `${stack}.template.json`), 'utf8'));

export function removeAssemblies(): void {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true });
  }
}

/** The resources of a type by their logical ids. */
export function ofType(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that a `Ref` or `Fn::GetAtt` points at; undefined for everything else. */
export function target(value: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': getAtt } = (value ?? {}) as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  return ref ?? getAtt?.[0];
}
