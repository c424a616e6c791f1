import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEndpoint } from '../../tools/client/endpoint.ts';
import { signInAs } from '../../tools/client/session.ts';
import { type CloudInProcess, startCloudInProcess } from '../support/cloud.ts';

let cloud: CloudInProcess;
beforeAll(async () => {
  cloud = await startCloudInProcess();
});
afterAll(() => cloud.stop());

async function cognito(action: string, input: object) {
  const response = await fetch(cloud.stack.cognitoUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${action}`,
    },
    body: JSON.stringify({ ClientId: cloud.stack.userPoolClientId, ...input }),
  });
  return (await response.json()) as Record<string, unknown>;
}

test('a colleague who forgot the password gets a code by mail and signs in with another', async () => {
  const Username = 'sales';
  const { CodeDeliveryDetails } = await cognito('ForgotPassword', { Username });
  expect(CodeDeliveryDetails).toMatchObject({ AttributeName: 'email', DeliveryMedium: 'EMAIL' });
  const [mail] = (await (await fetch(cloud.stack.mailUrl)).json()) as { text: string; service: string }[];
  expect(mail).toMatchObject({
    service: 'cognito',
    subject: 'Your code for the customer records of Demo Gifts',
  });
  const ConfirmationCode = /\d{6}/.exec(mail?.text ?? '')?.[0];
  const Password = 'An0ther!horse!battery';

  const short = await cognito('ConfirmForgotPassword', {
    Username,
    ConfirmationCode,
    Password: 'Sh0rt!horse',
  });
  expect(short).toMatchObject({ __type: 'InvalidPasswordException' });
  expect(await cognito('ConfirmForgotPassword', { Username, ConfirmationCode, Password })).toEqual({});

  const endpoint = readEndpoint(cloud.stackFile, Username, {});
  await expect(signInAs(endpoint)).rejects.toThrow('Incorrect username or password.');
  const token = await (await signInAs({ ...endpoint, password: Password }))();
  const me = await fetch(String(cloud.stack.graphqlUrl), {
    method: 'POST',
    headers: { authorization: token },
    body: '{"query":"{ me { username } }"}',
  });
  expect(await me.json()).toEqual({ data: { me: { username: Username } } });
});

test('nobody signs up, and the plain password is not sent', async () => {
  expect(await cognito('SignUp', { Username: 'eve', Password: 'An0ther!horse!battery' })).toMatchObject({
    __type: 'NotAuthorizedException',
    message: 'SignUp is not permitted for this user pool',
  });
  const AuthParameters = { USERNAME: 'sales', PASSWORD: 'x' };
  expect(await cognito('InitiateAuth', { AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters })).toMatchObject({
    __type: 'InvalidParameterException',
    message: 'USER_PASSWORD_AUTH flow not enabled for this client',
  });
});
