import type { Cloud } from '../../local/cloud.ts';
import { callSqs } from './sqs.ts';

/** A request over HTTP, not signed yet. */
export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, or a text of another kind. */
  readonly body: unknown;
  /** The service that it is signed for; unsigned without one. */
  readonly service?: string;
}

/** One request of each kind that services of a stack take; those of users carry the token. */
export async function validRequests(stack: Cloud['stack'], token: string): Promise<Request[]> {
  const aws = stack.awsEndpointUrl;
  const TableName = String(stack.tableName);
  const { QueueUrls = [] } = await callSqs(stack, 'ListQueues', {});
  const QueueUrl = QueueUrls[0];
  const json = (service: string, target: string, body: unknown): Request => ({
    url: `${aws}/`,
    method: 'POST',
    service,
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0' },
    body,
  });
  const table = (action: string, body: object) =>
    json('dynamodb', `DynamoDB_20120810.${action}`, { TableName, ...body });
  const key = { pk: { S: 'fuzz' }, sk: { S: 'fuzz' } };
  const values = { ':v': { S: 'x' }, ':n': { N: '1' } };
  const graphql = (query: string, variables: object = {}): Request => ({
    url: String(stack.graphqlUrl),
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: { query, variables, operationName: null },
  });
  const signIn = (action: string, body: unknown): Request => ({
    url: `${stack.cognitoUrl}/`,
    method: 'POST',
    headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${action}` },
    body,
  });
  const rest = (service: string, method: string, path: string, body: unknown = ''): Request => ({
    url: `${aws}${path}`,
    method,
    service,
    headers: { 'content-type': 'application/json' },
    body,
  });
  const ClientId = String(stack.userPoolClientId);
  const UserPoolId = String(stack.userPoolId);
  const [user] = stack.users;
  return [
    table('GetItem', {
      Key: key,
      ProjectionExpression: 'a.b[0], #c',
      ExpressionAttributeNames: { '#c': 'c' },
    }),
    table('PutItem', {
      Item: { ...key, l: { L: [{ N: '1' }] } },
      ConditionExpression: 'attribute_not_exists(pk) OR sk <> :v',
      ExpressionAttributeValues: { ':v': { S: 'x' } },
    }),
    table('UpdateItem', {
      Key: key,
      UpdateExpression: 'SET a = if_not_exists(a, :n) + :n REMOVE b ADD c :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
      ReturnValues: 'ALL_NEW',
    }),
    table('Query', {
      KeyConditionExpression: 'pk = :v AND begins_with(sk, :v)',
      FilterExpression: 'size(a) > :n',
      ExpressionAttributeValues: values,
      Limit: 5,
    }),
    table('Scan', {
      Limit: 2,
      FilterExpression: 'a BETWEEN :n AND :n',
      ExpressionAttributeValues: { ':n': { N: '1' } },
    }),
    json('dynamodb', 'DynamoDB_20120810.TransactWriteItems', {
      TransactItems: [{ Delete: { TableName, Key: key } }],
      ClientRequestToken: 'once',
    }),
    json('dynamodb', 'DynamoDB_20120810.BatchGetItem', { RequestItems: { [TableName]: { Keys: [key] } } }),
    json('dynamodb', 'DynamoDB_20120810.BatchWriteItem', {
      RequestItems: { [TableName]: [{ DeleteRequest: { Key: key } }] },
    }),
    json('dynamodb', 'DynamoDBStreams_20120810.ListStreams', { TableName, Limit: 1 }),
    json('sqs', 'AmazonSQS.SendMessage', {
      QueueUrl,
      MessageBody: '{}',
      DelaySeconds: 900,
      MessageAttributes: { a: { DataType: 'String', StringValue: 'x' } },
    }),
    json('sqs', 'AmazonSQS.SendMessageBatch', {
      QueueUrl,
      Entries: [{ Id: '1', MessageBody: 'x', DelaySeconds: 900 }],
    }),
    json('sqs', 'AmazonSQS.GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] }),
    json('sqs', 'AmazonSQS.ChangeMessageVisibility', { QueueUrl, ReceiptHandle: 'x', VisibilityTimeout: 1 }),
    json('events', 'AWSEvents.PutEvents', {
      Entries: [
        {
          Source: 'fuzz',
          DetailType: 'fuzz',
          Detail: '{"a":1}',
          EventBusName: stack.eventBusName,
          Time: 1_700_000_000,
        },
      ],
    }),
    json('events', 'AWSEvents.ListRules', { EventBusName: stack.eventBusName, Limit: 1 }),
    json('events', 'AWSEvents.DescribeEventBus', { Name: stack.eventBusName }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.AdminGetUser', {
      UserPoolId,
      Username: user?.username,
    }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.ListUsers', {
      UserPoolId,
      Limit: 2,
      Filter: 'email ^= "a"',
    }),
    json('cognito-idp', 'AWSCognitoIdentityProviderService.AdminUpdateUserAttributes', {
      UserPoolId,
      Username: 'nobody',
      UserAttributes: [{ Name: 'name', Value: 'x' }],
    }),
    rest('lambda', 'POST', '/2015-03-31/functions/none/invocations', { a: 1 }),
    rest('s3', 'GET', '/none/a/b?max-keys=2'),
    rest('s3', 'PUT', '/none/a%20b', { a: 1 }),
    rest('ses', 'GET', '/v2/email/suppression/addresses?PageSize=1'),
    rest('ses', 'POST', '/v2/email/outbound-emails', {
      FromEmailAddress: 'a@demo.example',
      Destination: { ToAddresses: ['b@demo.example'] },
      Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'x' } } } },
      EmailTags: [{ Name: 'a', Value: 'b' }],
    }),
    rest('sts', 'POST', '/', 'Action=GetCallerIdentity&Version=2011-06-15'),
    rest('sns', 'POST', '/', 'Action=Publish&Version=2010-03-31&PhoneNumber=%2B447700900123&Message=hello'),
    graphql(
      'query Q($first: Int) { customers(first: $first) { nodes { id name ...N } } } fragment N on Customer { version }',
      { first: 2 },
    ),
    graphql('mutation M($input: CreateCustomerInput!) { createCustomer(input: $input) { id } }', {
      input: {
        kind: 'PERSON',
        name: 'Ann',
        clientRequestId: 'x',
        identities: [{ kind: 'EMAIL', value: 'ann@example.com' }],
      },
    }),
    graphql('{ a: me { id } b: node(id: "cus_1") { __typename ... on Customer @include(if: true) { id } } }'),
    signIn('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'nobody', SRP_A: 'abcdef12' },
    }),
    signIn('RespondToAuthChallenge', {
      ChallengeName: 'PASSWORD_VERIFIER',
      ClientId,
      ChallengeResponses: {
        USERNAME: 'nobody',
        PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA',
        TIMESTAMP: 'x',
        PASSWORD_CLAIM_SIGNATURE: 'x',
      },
    }),
    signIn('GetTokensFromRefreshToken', { ClientId, RefreshToken: 'x' }),
    signIn('ForgotPassword', { ClientId, Username: 'nobody' }),
    signIn('GetUser', { AccessToken: token }),
    signIn('UpdateUserAttributes', { AccessToken: token, UserAttributes: [{ Name: 'name', Value: 'x' }] }),
  ];
}
