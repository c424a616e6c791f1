import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ConsumerSettings,
  consumersIn,
  type RelaySettings,
  relayIn,
  type Template,
} from './mappings.ts';

/** What a stack has whether or not anybody uses it, counted in its templates. */
export interface Resources {
  readonly alarms: number;
  readonly logMetrics: number;
  readonly dashboards: number;
  readonly webAcls: number;
  readonly webAclRules: number;
  /** Memory of each function by its name among the bundles, in MB. */
  readonly memory: Readonly<Record<string, number>>;
  /** How the queues are polled, by the names of the functions. */
  readonly consumers: Readonly<Record<string, ConsumerSettings>>;
  readonly relay: RelaySettings;
}

/** The templates of an assembly. */
export const templatesIn = (assemblyDir: string): Template[] =>
  globSync('*.template.json', { cwd: assemblyDir })
    .sort()
    .map((file) => JSON.parse(readFileSync(join(assemblyDir, file), 'utf8')) as Template);

/** Counts what the templates of an assembly hold. @throws Error when no function reads a stream */
export function resourcesIn(assemblyDir: string): Resources {
  const templates = templatesIn(assemblyDir);
  const all = templates.flatMap(({ Resources = {} }) => Object.values(Resources));
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
    memory: sorted(memory),
    consumers: sorted(templates.flatMap(consumersIn)),
    relay: relayIn(templates),
  };
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
