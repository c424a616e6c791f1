import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** What an assembly says about where it goes and what it makes there. */
export interface Assembly {
  readonly folder: string;
  readonly account: string;
  readonly region: string;
  /** The names of the stacks. */
  readonly stacks: readonly string[];
  readonly resources: readonly Resource[];
  readonly bootstrap: {
    /** The least version of the bootstrap that the stacks need. */
    readonly version: number;
    /** Where the account says which version it has. */
    readonly parameter: string;
    /** The roles that the bootstrap makes, by which the CDK deploys. */
    readonly roles: readonly string[];
  };
}

interface StackProperties {
  readonly templateFile: string;
  readonly assumeRoleArn: string;
  readonly cloudFormationExecutionRoleArn: string;
  readonly requiresBootstrapStackVersion: number;
  readonly bootstrapStackVersionSsmParameter: string;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<string, { readonly type: string; readonly environment?: string; readonly properties?: object }>
  >;
}

/** Reads the assembly in a folder, all of whose stacks stand in one account and region. */
export function readAssembly(folder: string): Assembly {
  const read = <T>(file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as T;
  const stacks = Object.entries(read<Manifest>('manifest.json').artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([name, { environment = '', properties }]) => ({
      name,
      environment,
      ...(properties as StackProperties),
    }));
  const [account = '', region = ''] = (stacks[0]?.environment ?? '').replace('aws://', '').split('/');
  const roles = stacks.flatMap(({ assumeRoleArn, cloudFormationExecutionRoleArn }) => [
    assumeRoleArn,
    cloudFormationExecutionRoleArn,
  ]);
  return {
    folder,
    account,
    region,
    stacks: stacks.map(({ name }) => name),
    resources: stacks.flatMap(({ templateFile }) =>
      Object.values(read<{ readonly Resources: Readonly<Record<string, Resource>> }>(templateFile).Resources),
    ),
    bootstrap: {
      version: Math.max(0, ...stacks.map((stack) => stack.requiresBootstrapStackVersion)),
      parameter: stacks[0]?.bootstrapStackVersionSsmParameter ?? '',
      roles: [...new Set(roles.map((arn) => arn.replace(/^.*:role\//, '')))],
    },
  };
}

/** The properties of all resources of a type. */
export const propertiesOf = ({ resources }: Assembly, type: string): Resource['Properties'][] =>
  resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
