import { readFileSync } from 'node:fs';

/** Where an API is, and who calls it. */
export interface Endpoint {
  readonly graphqlUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  /** Where Cognito answers; its public address in the pool's region when left out. */
  readonly cognitoUrl?: string;
  readonly username: string;
  readonly password: string;
}

/** Nobody can be called: a stack file or a variable is missing or says something else than is asked for. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';
}

/** The variables that name another endpoint than a stack file does. */
export const endpointVariables = {
  FIDELIA_GRAPHQL_URL: 'the GraphQL endpoint; when it is set, no stack file is read and the others count',
  FIDELIA_USER_POOL_ID: 'the user pool, such as eu-central-1_AbCdEf123',
  FIDELIA_USER_POOL_CLIENT_ID: 'the app client of the user pool',
  FIDELIA_USERNAME: 'who signs in',
  FIDELIA_PASSWORD: 'with which password',
  FIDELIA_COGNITO_URL: "where Cognito answers; the pool's own address when left out",
} as const;

interface StackFile {
  readonly graphqlUrl: string;
  readonly cognitoUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly users: readonly { username: string; password: string; groups: readonly string[] }[];
}

/**
 * Finds out where the API is: from the variables when `FIDELIA_GRAPHQL_URL` is set, else from the file that a running
 * stack writes.
 *
 * @param user a user of the stack file, by name, or else the first one of that group.
 * @throws EndpointError naming what is missing and what there is.
 */
export function readEndpoint(stackFile: string, user: string, env: NodeJS.ProcessEnv): Endpoint {
  return env.FIDELIA_GRAPHQL_URL ? fromVariables(env) : fromStackFile(stackFile, user);
}

function fromVariables(env: NodeJS.ProcessEnv): Endpoint {
  const needed = (name: keyof typeof endpointVariables): string => {
    const value = env[name];
    if (!value) throw new EndpointError(`${name} is not set: with FIDELIA_GRAPHQL_URL it is needed too`);
    return value;
  };
  return {
    graphqlUrl: needed('FIDELIA_GRAPHQL_URL'),
    userPoolId: needed('FIDELIA_USER_POOL_ID'),
    userPoolClientId: needed('FIDELIA_USER_POOL_CLIENT_ID'),
    username: needed('FIDELIA_USERNAME'),
    password: needed('FIDELIA_PASSWORD'),
    ...(env.FIDELIA_COGNITO_URL ? { cognitoUrl: env.FIDELIA_COGNITO_URL } : {}),
  };
}

function fromStackFile(stackFile: string, user: string): Endpoint {
  const stack = readStackFile(stackFile);
  const { graphqlUrl, cognitoUrl, userPoolId, userPoolClientId, users } = stack;
  const found =
    users.find(({ username }) => username === user) ?? users.find(({ groups }) => groups.includes(user));
  if (!found) {
    const known = users.map(({ username }) => username).join(', ');
    throw new EndpointError(
      `${stackFile} knows no user or group ${JSON.stringify(user)}; there are ${known}`,
    );
  }
  const { username, password } = found;
  return { graphqlUrl, cognitoUrl, userPoolId, userPoolClientId, username, password };
}

function readStackFile(stackFile: string): StackFile {
  try {
    return JSON.parse(readFileSync(stackFile, 'utf8')) as StackFile;
  } catch (error) {
    const reason = error instanceof SyntaxError ? `is not JSON (${error.message})` : 'cannot be read';
    throw new EndpointError(
      `${stackFile} ${reason}: start the stack with npm start, name its file with --stack, or set FIDELIA_GRAPHQL_URL`,
    );
  }
}
