import { readFileSync } from 'node:fs';
import type { AuthMode, DataSource } from '../../appsync/api.ts';
import type { Properties, Resource } from '../deploy.ts';

export const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

/** A text that stands in the template, or in an asset of the assembly as `s3://<bucket>/<key>`. */
export function textOf(inline: unknown, location: unknown, resource: Resource): string | undefined {
  if (location === undefined) return text(inline);
  const key = String(location).split('/').slice(3).join('/');
  const file = resource.assets.get(key);
  if (file === undefined) throw new Error(`${String(location)} is no asset of the assembly`);
  return readFileSync(file, 'utf8');
}

interface UserPoolConfig {
  readonly UserPoolId: string;
  readonly AppIdClientRegex?: string;
  readonly DefaultAction?: 'ALLOW' | 'DENY';
}

function authMode(type: unknown, config: unknown): AuthMode {
  if (type === 'AWS_IAM') return { type };
  if (type === 'AMAZON_COGNITO_USER_POOLS') {
    const { UserPoolId, AppIdClientRegex, DefaultAction } = config as UserPoolConfig;
    return {
      type,
      userPoolId: UserPoolId,
      ...(AppIdClientRegex !== undefined && { appIdClientRegex: AppIdClientRegex }),
      ...(DefaultAction !== undefined && { defaultAction: DefaultAction }),
    };
  }
  throw new Error(
    `the authentication type ${String(type)} is not known here: use AMAZON_COGNITO_USER_POOLS or AWS_IAM`,
  );
}

export function authModes(properties: Properties): [AuthMode, ...AuthMode[]] {
  const additional = (properties.AdditionalAuthenticationProviders ?? []) as {
    AuthenticationType: string;
    UserPoolConfig?: unknown;
  }[];
  return [
    authMode(properties.AuthenticationType, properties.UserPoolConfig),
    ...additional.map((one) => authMode(one.AuthenticationType, one.UserPoolConfig)),
  ];
}

export function dataSource({ Name, Type, LambdaConfig, ServiceRoleArn }: Properties): DataSource {
  if (Type === 'NONE') return { type: 'NONE' };
  if (Type === 'AWS_LAMBDA') {
    const { LambdaFunctionArn } = LambdaConfig as { LambdaFunctionArn: string };
    if (ServiceRoleArn === undefined) {
      throw new Error(
        `the data source ${String(Name)} has no ServiceRoleArn: AppSync invokes with its rights`,
      );
    }
    return { type: 'AWS_LAMBDA', functionArn: LambdaFunctionArn, roleArn: String(ServiceRoleArn) };
  }
  throw new Error(
    `the data source ${String(Name)} has the type ${String(Type)}: only AWS_LAMBDA and NONE run here`,
  );
}

/** AppSync's own runtime is the only one for code: VTL templates have none. */
export function requireRuntime(properties: Properties): void {
  const name = (properties.Runtime as { Name?: string } | undefined)?.Name;
  if (name === undefined || name === 'APPSYNC_JS') return;
  throw new Error(`the runtime ${name} is not known here: use APPSYNC_JS`);
}
