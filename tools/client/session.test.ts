import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { signInAs } from './session.ts';

describe('signInAs', () => {
  it('asks by SRP, so without the password, and says why the user pool refused', async () => {
    const asked: { target: unknown; body: string }[] = [];
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      asked.push({ target: request.headers['x-amz-target'], body });
      const answer = { __type: 'NotAuthorizedException', message: 'Incorrect username or password.' };
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const endpoint = {
      graphqlUrl: 'http://127.0.0.1/graphql',
      cognitoUrl: `http://127.0.0.1:${port}/`,
      userPoolId: 'eu-central-1_abc',
      userPoolClientId: 'client',
      username: 'importer',
      password: 'Secret-123',
    };
    await expect(signInAs(endpoint)).rejects.toThrow(
      'importer cannot sign in: NotAuthorizedException: Incorrect username or password.',
    );
    server.close();
    expect(asked).toHaveLength(1);
    expect(asked[0]?.target).toBe('AWSCognitoIdentityProviderService.InitiateAuth');
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ AuthFlow: 'USER_SRP_AUTH', ClientId: 'client' });
    expect(asked[0]?.body).not.toContain('Secret-123');
  });
});
