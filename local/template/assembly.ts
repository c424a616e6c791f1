import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** One resource as a template declares it; `Properties` still holds intrinsic functions. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown> | undefined;
  readonly DependsOn?: string | string[] | undefined;
  readonly Condition?: string | undefined;
  readonly DeletionPolicy?: string | undefined;
}

export interface Template {
  readonly Resources: Record<string, TemplateResource>;
  readonly Outputs?:
    | Record<
        string,
        { Value: unknown; Export?: { Name: unknown } | undefined; Condition?: string | undefined }
      >
    | undefined;
  readonly Parameters?: Record<string, { Type: string; Default?: unknown }> | undefined;
  readonly Conditions?: Record<string, unknown> | undefined;
  readonly Mappings?: Record<string, Record<string, Record<string, unknown>>> | undefined;
}

/** A stack of the cloud assembly, ready to be deployed. */
export interface StackTemplate {
  readonly name: string;
  /** The account of the stack's environment; undefined when the stack is agnostic of it. */
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly template: Template;
  /** The local path of each file asset by the key of its object in the bootstrap bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

const resourceSchema = v.object({
  Type: v.string(),
  Properties: v.optional(v.record(v.string(), v.unknown())),
  DependsOn: v.optional(v.union([v.string(), v.array(v.string())])),
  Condition: v.optional(v.string()),
  DeletionPolicy: v.optional(v.string()),
});

const templateSchema = v.object({
  Resources: v.record(v.string(), resourceSchema),
  Outputs: v.optional(
    v.record(
      v.string(),
      v.object({
        Value: v.unknown(),
        Export: v.optional(v.object({ Name: v.unknown() })),
        Condition: v.optional(v.string()),
      }),
    ),
  ),
  Parameters: v.optional(
    v.record(v.string(), v.object({ Type: v.string(), Default: v.optional(v.unknown()) })),
  ),
  Conditions: v.optional(v.record(v.string(), v.unknown())),
  Mappings: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown())))),
});

const manifestSchema = v.object({
  artifacts: v.record(
    v.string(),
    v.object({
      type: v.string(),
      environment: v.optional(v.string()),
      dependencies: v.optional(v.array(v.string())),
      properties: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
});

const assetsSchema = v.object({
  files: v.record(
    v.string(),
    v.object({
      source: v.object({ path: v.string() }),
      destinations: v.record(v.string(), v.object({ objectKey: v.string() })),
    }),
  ),
});

function readJson<const S extends v.GenericSchema>(file: string, schema: S): v.InferOutput<S> {
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist: synthesize the CDK app into this folder first.`);
  }
  const parsed = v.safeParse(schema, JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Error(
    `${file} is not what the CDK writes: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
  );
}

type Artifact = v.InferOutput<typeof manifestSchema>['artifacts'][string];

/** `aws://<account>/<region>`; the CDK writes `unknown-account` and `unknown-region` for what it left open. */
function environmentOf(artifact: Artifact): Pick<StackTemplate, 'accountId' | 'region'> {
  const [accountId, region] = (artifact.environment ?? '').replace(/^aws:\/\//, '').split('/');
  return {
    accountId: accountId && /^\d{12}$/.test(accountId) ? accountId : undefined,
    region: region && region !== 'unknown-region' ? region : undefined,
  };
}

function fileOf(artifact: Artifact, id: string, property: string): string {
  const file = artifact.properties?.[property];
  if (typeof file === 'string') return file;
  throw new Error(`Artifact ${id} of manifest.json has no ${property}.`);
}

function readAssets(dir: string, artifacts: Record<string, Artifact>): Map<string, string> {
  const assets = new Map<string, string>();
  for (const [id, artifact] of Object.entries(artifacts)) {
    if (artifact.type !== 'cdk:asset-manifest') continue;
    for (const { source, destinations } of Object.values(
      readJson(join(dir, fileOf(artifact, id, 'file')), assetsSchema).files,
    )) {
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(dir, source.path));
    }
  }
  return assets;
}

/** Artifact ids so that each comes after those it depends on, otherwise in the manifest's order. */
function inDependencyOrder(artifacts: Record<string, Artifact>): string[] {
  const ordered: string[] = [];
  const entered = new Set<string>();
  function enter(id: string): void {
    if (entered.has(id)) return;
    entered.add(id);
    for (const dependency of artifacts[id]?.dependencies ?? []) enter(dependency);
    ordered.push(id);
  }
  for (const id of Object.keys(artifacts)) enter(id);
  return ordered;
}

/**
 * Reads a CDK cloud assembly: its stacks, in the order in which they can be deployed.
 *
 * @throws when a file is missing, is not of the CDK's form, or the assembly has nested assemblies (stages).
 */
export function loadAssembly(dir: string): StackTemplate[] {
  const { artifacts } = readJson(join(dir, 'manifest.json'), manifestSchema);
  const nested = Object.entries(artifacts).find(([, artifact]) => artifact.type === 'cdk:cloud-assembly');
  if (nested) throw new Error(`${dir} holds the nested assembly ${nested[0]}: load that folder itself.`);

  const assets = readAssets(dir, artifacts);
  const stacks: StackTemplate[] = [];
  for (const id of inDependencyOrder(artifacts)) {
    const artifact = artifacts[id];
    if (artifact?.type !== 'aws:cloudformation:stack') continue;
    const stackName = artifact.properties?.stackName;
    stacks.push({
      name: typeof stackName === 'string' ? stackName : id,
      ...environmentOf(artifact),
      template: readJson(join(dir, fileOf(artifact, id, 'templateFile')), templateSchema),
      assets,
    });
  }
  if (stacks.length === 0) throw new Error(`${dir} holds no stack.`);
  return stacks;
}
