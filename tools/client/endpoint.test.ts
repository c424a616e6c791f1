import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEndpoint } from './endpoint.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'endpoint-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (content: string) => {
  const file = join(folder, 'stack.json');
  writeFileSync(file, content);
  return file;
};

const pool = { userPoolId: 'eu-central-1_x', userPoolClientId: 'client' };
const stack = {
  graphqlUrl: 'http://127.0.0.1:4000/graphql',
  cognitoUrl: 'http://127.0.0.1:4000/cognito',
  ...pool,
  users: [
    { username: 'ada', password: 'a', groups: ['admin'] },
    { username: 'bob', password: 'b', groups: ['sales', 'integration'] },
    { username: 'sales', password: 's', groups: ['service'] },
  ],
};

describe('readEndpoint', () => {
  it('finds a user of the stack by name, and else by group', () => {
    const file = write(JSON.stringify(stack));
    expect(readEndpoint(file, 'sales', {})).toMatchObject({ username: 'sales', password: 's' });
    expect(readEndpoint(file, 'integration', {})).toEqual({
      graphqlUrl: 'http://127.0.0.1:4000/graphql',
      cognitoUrl: 'http://127.0.0.1:4000/cognito',
      ...pool,
      username: 'bob',
      password: 'b',
    });
  });

  it('says which users there are when the asked one is not', () => {
    expect(() => readEndpoint(write(JSON.stringify(stack)), 'eve', {})).toThrow('there are ada, bob, sales');
  });

  it('says what is wrong with the stack file', () => {
    expect(() => readEndpoint(write('{'), 'ada', {})).toThrow(/is not JSON/);
    expect(() => readEndpoint(join(folder, 'none'), 'ada', {})).toThrow(/cannot be read: start the stack/);
  });

  const variables = {
    FIDELIA_GRAPHQL_URL: 'https://api.example.com/graphql',
    FIDELIA_USER_POOL_ID: 'eu-central-1_x',
    FIDELIA_USER_POOL_CLIENT_ID: 'client',
    FIDELIA_USERNAME: 'importer',
    FIDELIA_PASSWORD: 'p',
  };

  it('takes the variables in place of the stack file', () => {
    expect(readEndpoint(join(folder, 'none'), 'ada', variables)).toEqual({
      graphqlUrl: 'https://api.example.com/graphql',
      ...pool,
      username: 'importer',
      password: 'p',
    });
  });

  it.each(Object.keys(variables).slice(1))('needs %s too', (name) => {
    expect(() => readEndpoint('', '', { ...variables, [name]: '' })).toThrow(`${name} is not set`);
  });
});
