import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A function of a synthesized assembly. */
export interface DeployedFunction {
  readonly name: string;
  /** The folder of its asset. */
  readonly folder: string;
  /** The module that Lambda loads. */
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: {
    readonly Handler: string;
    readonly Code: { readonly S3Key: string };
    readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  };
}

/** Stands for what only a deployment knows: good as a name and as an address. */
const STAND_IN = 'https://stand-in.example';

/** What Lambda itself puts into the environment of a function and bundles read when they are loaded (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
export const variablesOfLambda = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'stand-in',
  AWS_SECRET_ACCESS_KEY: 'stand-in',
  AWS_SESSION_TOKEN: 'stand-in',
};

/** The functions of an assembly whose bundles are ours, by name. */
export function deployedFunctions(assembly: string): DeployedFunction[] {
  const resources = readdirSync(assembly)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file): Resource[] =>
      Object.values(JSON.parse(readFileSync(join(assembly, file), 'utf8')).Resources),
    );
  return resources
    .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.Code.S3Key)
    .map(({ Properties }) => deployedFunction(assembly, Properties))
    .sort((one, other) => one.name.localeCompare(other.name));
}

function deployedFunction(assembly: string, properties: Resource['Properties']): DeployedFunction {
  const { Code, Handler, Environment } = properties;
  const folder = join(assembly, `asset.${Code.S3Key.replace(/\.zip$/, '')}`);
  const variables = Object.entries(Environment.Variables).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : STAND_IN,
  ]);
  const environment = { ...Object.fromEntries(variables), ...variablesOfLambda, LAMBDA_TASK_ROOT: folder };
  return {
    name: environment.POWERTOOLS_SERVICE_NAME,
    folder,
    module: join(folder, `${Handler.split('.')[0]}.mjs`),
    environment,
  };
}

/** What Lambda has to fetch: bytes of the module that it loads, and of all files. */
export function sizesOf({ folder, module }: DeployedFunction): { code: number; asset: number } {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const sizes = files.map(({ parentPath, name }) => statSync(join(parentPath, name)).size);
  return { code: statSync(module).size, asset: sizes.reduce((sum, size) => sum + size, 0) };
}
