import type { FunctionDefinition } from './function.ts';

/** Short-lived credentials of a role. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface VariablesOptions {
  readonly definition: FunctionDefinition;
  readonly credentials: Credentials;
  readonly region: string;
  /** Variables that lead the SDKs to the local cloud: `AWS_ENDPOINT_URL` and the like. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly logStream: string;
}

/**
 * The environment variables that a function gets, and no others
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
 */
export function variablesOf(options: VariablesOptions): Record<string, string> {
  const { definition, credentials, region, endpoints, logStream } = options;
  return {
    ...definition.env,
    ...endpoints,
    _HANDLER: definition.handler,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: definition.assetDir,
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
  };
}
