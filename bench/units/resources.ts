import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a stack costs whether or not anybody uses it, counted in its templates. */
export interface Resources {
  readonly alarms: number;
  readonly logMetrics: number;
  readonly dashboards: number;
  readonly webAcls: number;
  readonly webAclRules: number;
  /** Queues that Lambda polls. */
  readonly polledQueues: number;
  /** Memory of each function by its name among the bundles, in MB. */
  readonly memory: Readonly<Record<string, number>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: {
    readonly MemorySize?: number;
    readonly Environment?: { readonly Variables?: { readonly POWERTOOLS_SERVICE_NAME?: string } };
    readonly Rules?: readonly object[];
    readonly ScalingConfig?: object;
  };
}

/** Counts what the templates of an assembly hold. */
export function resourcesIn(assemblyDir: string): Resources {
  const all = globSync('*.template.json', { cwd: assemblyDir }).flatMap((file) => {
    const template = JSON.parse(readFileSync(join(assemblyDir, file), 'utf8')) as {
      readonly Resources?: Readonly<Record<string, Resource>>;
    };
    return Object.values(template.Resources ?? {});
  });
  const of = (type: string) => all.filter(({ Type }) => Type === type);
  const memory = of('AWS::Lambda::Function').flatMap(({ Properties = {} }) => {
    const name = Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME;
    return name === undefined ? [] : [[name, Properties.MemorySize ?? 128] as const];
  });
  return {
    alarms: of('AWS::CloudWatch::Alarm').length,
    logMetrics: of('AWS::Logs::MetricFilter').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    webAcls: of('AWS::WAFv2::WebACL').length,
    webAclRules: of('AWS::WAFv2::WebACL').flatMap(({ Properties }) => Properties?.Rules ?? []).length,
    polledQueues: of('AWS::Lambda::EventSourceMapping').filter(({ Properties }) => Properties?.ScalingConfig)
      .length,
    memory: Object.fromEntries(memory.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
