import {
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApi } from '../../tools/client/api.ts';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type AskAs, signedIn } from '../support/client.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';

interface User {
  readonly id: string;
  readonly username: string;
  readonly enabled: boolean | null;
  readonly groups: readonly string[];
  readonly teams: readonly string[];
}

const password = 'Corr3ct!horse-battery';
let cloud: CloudInProcess;
let asAdmin: AskAs;

beforeAll(async () => {
  cloud = await startCloudInProcess();
  asAdmin = await signedIn(cloud, 'admin');
});
afterAll(() => cloud.stop());

/** What the invitation's mail makes possible: the user has chosen a password. */
async function choosePassword(Username: string): Promise<void> {
  const { awsEndpointUrl, region, adminAccessKeyId, adminSecretAccessKey, userPoolId } = cloud.stack;
  const cognito = new CognitoIdentityProviderClient({
    endpoint: awsEndpointUrl,
    region,
    credentials: { accessKeyId: adminAccessKeyId, secretAccessKey: adminSecretAccessKey },
  });
  const UserPoolId = String(userPoolId);
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}

/** Signs in and gives the caller as the API sees it, and how to get another token. */
async function signIn(username: string) {
  const endpoint = readEndpoint(cloud.stackFile, 'sales', {});
  const token = await signInAs({ ...endpoint, username, password });
  const api = createApi({ url: endpoint.graphqlUrl, token, attempts: 1 });
  const me = () => api<{ me: User }>('{ me { id username groups teams } }', {}).then((data) => data.me);
  return { me, renew: () => token(true) };
}

async function change(mutation: string, input: object): Promise<User> {
  const inputType = mutation.endsWith('ableUser')
    ? 'UserInput'
    : `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input`;
  const { user } = await asAdmin<{ user: User }>(
    `mutation($input: ${inputType}!) { user: ${mutation}(input: $input) { id username enabled groups teams } }`,
    { input },
  );
  return user;
}

test('a user is invited, moved, put out and let in again, and each time it counts', async () => {
  const invitation = { username: 'cleo', email: 'cleo@demo.example', groups: ['sales'], teams: ['north'] };
  const { id } = await change('inviteUser', invitation);
  await choosePassword('cleo');
  const first = await signIn('cleo');
  expect(await first.me()).toMatchObject({ id, groups: ['sales'], teams: ['north'] });

  await change('updateUser', { id, groups: ['service'], teams: ['south'] });
  await expect(first.renew()).rejects.toThrow();
  expect(await (await signIn('cleo')).me()).toMatchObject({ id, groups: ['service'], teams: ['south'] });

  expect(await change('disableUser', { id })).toMatchObject({ enabled: false });
  await expect(signIn('cleo')).rejects.toThrow(/disabled/);
  expect(await change('enableUser', { id })).toMatchObject({ enabled: true });
  expect(await (await signIn('cleo')).me()).toMatchObject({ id });

  await expect(change('inviteUser', invitation)).rejects.toMatchObject({ code: 'USER.EXISTS' });
}, 30_000);

test('everybody sees who works here, and only admins change that', async () => {
  const asAnalyst = await signedIn(cloud, 'analyst');
  const query = '{ users(first: 3) { nodes { id username groups teams enabled } pageInfo { hasNextPage } } }';
  const { users } = await asAnalyst<{ users: { nodes: User[]; pageInfo: object } }>(query);
  expect(users).toMatchObject({
    nodes: [{ username: 'admin', groups: ['admin'], enabled: true }, {}, {}],
    pageInfo: { hasNextPage: true },
  });
  const [admin] = users.nodes;
  const node = await asAnalyst('query($id: ID!) { node(id: $id) { id ... on User { username groups } } }', {
    id: admin?.id,
  });
  expect(node).toEqual({ node: { id: admin?.id, username: 'admin', groups: ['admin'] } });

  const disable = 'mutation($input: UserInput!) { disableUser(input: $input) { id } }';
  await expect(asAnalyst(disable, { input: { id: admin?.id } })).rejects.toThrow(/Not Authorized/);
  await expect(asAdmin(disable, { input: { id: admin?.id } })).rejects.toMatchObject({
    code: 'USER.LAST_ADMIN',
  });
});
