import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError } from '../aws.ts';
import type { AppSyncOptions, AuthMode, Invocation } from './api.ts';
import { type AppSync, createAppSync } from './appsync.ts';

/** What the tests of this folder share: a small API on a port of its own, with callers who need no real tokens. */

export const place = { region: 'eu-west-1', accountId: '123456789012' };

export const userPools: AuthMode = { type: 'AMAZON_COGNITO_USER_POOLS', userPoolId: 'eu-west-1_pool' };
export const iam: AuthMode = { type: 'AWS_IAM' };

export const iamHeader = 'AWS4-HMAC-SHA256 Credential=AK/20261122/eu-west-1/appsync/aws4_request';

/** A token that `verifyToken` of the fixture takes: who, in which groups, until when in seconds since 1970. */
export function tokenOf(
  username: string,
  groups: readonly string[] = [],
  exp: number = 9_999_999_999,
): string {
  return JSON.stringify({
    iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_pool',
    sub: `sub-of-${username}`,
    client_id: 'app',
    username,
    token_use: 'access',
    exp,
    ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
  });
}

export type Functions = Readonly<Record<string, (payload: unknown) => unknown>>;

/** Options of an API whose functions are given by name; each is also a data source. */
export function optionsOf(
  definition: string,
  functions: Functions,
  more: Partial<AppSyncOptions> = {},
): AppSyncOptions {
  const dataSources: Record<string, AppSyncOptions['dataSources'][string]> = { none: { type: 'NONE' } };
  for (const name of Object.keys(functions)) dataSources[name] = { type: 'AWS_LAMBDA', functionArn: name };
  return {
    apiId: 'api',
    definition,
    authModes: [userPools, iam],
    dataSources,
    resolvers: [],
    place,
    invoke: async (functionArn, payload): Promise<Invocation> => {
      try {
        const sent: unknown = JSON.parse(JSON.stringify(payload));
        return { payload: await functions[functionArn]?.(sent) };
      } catch (error) {
        const { name, message } = error as Error;
        return { error: { errorType: name, errorMessage: message } };
      }
    },
    verifyToken: async (token) => {
      if (!token.startsWith('{')) throw new AwsError('NotAuthorizedException', 'Unable to parse JWT token.');
      return JSON.parse(token) as Record<string, unknown>;
    },
    verifySignature: ({ headers }) => {
      if (headers.authorization !== iamHeader) {
        throw new AwsError(
          'UnrecognizedClientException',
          'The security token included in the request is invalid.',
        );
      }
      const arn = `arn:aws:sts::${place.accountId}:assumed-role/live/updates`;
      return { accessKeyId: 'AK', arn, accountId: place.accountId };
    },
    ...more,
  };
}

/** An API that listens. */
export interface Listening {
  readonly api: AppSync;
  readonly url: string;
  post(body: unknown, authorization?: string, headers?: Record<string, string>): Promise<Response>;
  query(query: string, variables?: object, authorization?: string): Promise<Body>;
  close(): Promise<void>;
}

export interface Body {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly Record<string, unknown>[];
}

export async function listen(options: AppSyncOptions): Promise<Listening> {
  const api = createAppSync(options);
  const server: Server = createServer((request, response) => void api.handle(request, response));
  server.on('upgrade', api.upgrade);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const post: Listening['post'] = (body, authorization, headers = {}) =>
    fetch(url, {
      method: 'POST',
      headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    api,
    url,
    post,
    query: async (query, variables = {}, authorization = tokenOf('anna', ['sales'])) =>
      (await (await post({ query, variables }, authorization)).json()) as Body,
    close: () =>
      new Promise((resolve) => {
        api.close();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Resolver code that hands everything on to its function and unwraps nothing. */
export const passOn = `
import { util } from '@aws-appsync/utils';
export function request(ctx) {
  return { operation: 'Invoke', payload: { field: ctx.info.fieldName, arguments: ctx.args, identity: ctx.identity,
    source: ctx.source, info: ctx.info, request: ctx.request } };
}
export function response(ctx) {
  if (ctx.error) util.error(ctx.error.message, ctx.error.type);
  return ctx.result;
}`;
