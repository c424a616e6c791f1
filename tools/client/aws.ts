import { readFileSync } from 'node:fs';
import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';

/** What a local stack says of itself and of its AWS APIs. */
export interface LocalStack {
  readonly tenant: string;
  readonly region: string;
  readonly tableName: string;
  readonly awsEndpointUrl: string;
  readonly adminAccessKeyId: string;
  readonly adminSecretAccessKey: string;
}

const services = {
  dynamodb: { prefix: 'DynamoDB_20120810', name: 'dynamodb' },
  sqs: { prefix: 'AmazonSQS', name: 'sqs' },
} as const;

/** Calls an AWS API of a local stack. */
export type AwsCall = <Answer>(
  service: keyof typeof services,
  action: string,
  input: object,
) => Promise<Answer>;

export const readLocalStack = (stackFile: string): LocalStack =>
  JSON.parse(readFileSync(stackFile, 'utf8')) as LocalStack;

/** Calls the AWS APIs of a local stack as its administrator. */
export function createAwsCall(stack: LocalStack): AwsCall {
  const { hostname, port, host } = new URL(stack.awsEndpointUrl);
  return async <Answer>(service: keyof typeof services, action: string, input: object): Promise<Answer> => {
    const { prefix, name } = services[service];
    const signer = new SignatureV4({
      service: name,
      region: stack.region,
      credentials: {
        accessKeyId: stack.adminAccessKeyId,
        secretAccessKey: stack.adminSecretAccessKey,
      },
      sha256: Hash.bind(null, 'sha256'),
    });
    const body = JSON.stringify(input);
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: 'http:',
      hostname,
      port: Number(port),
      path: '/',
      headers: {
        host,
        'x-amz-target': `${prefix}.${action}`,
        'content-type': 'application/x-amz-json-1.0',
      },
      body,
    });
    const response = await fetch(stack.awsEndpointUrl, { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`${service} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
}
