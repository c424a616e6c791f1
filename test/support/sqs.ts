import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';

/** What a stack file says of the AWS APIs. */
export interface AwsEndpoint {
  readonly awsEndpointUrl: string;
  readonly region: string;
  readonly adminAccessKeyId: string;
  readonly adminSecretAccessKey: string;
}

interface SqsAnswer {
  readonly Messages?: readonly { readonly Body: string; readonly ReceiptHandle: string }[];
  readonly QueueUrls?: readonly string[];
  readonly Attributes?: Readonly<Record<string, string>>;
}

/** Calls the queues of a stack as its administrator. */
export async function callSqs(endpoint: AwsEndpoint, action: string, input: object): Promise<SqsAnswer> {
  const { awsEndpointUrl, region, adminAccessKeyId, adminSecretAccessKey } = endpoint;
  const { hostname, port, host } = new URL(awsEndpointUrl);
  const signer = new SignatureV4({
    service: 'sqs',
    region,
    credentials: { accessKeyId: adminAccessKeyId, secretAccessKey: adminSecretAccessKey },
    sha256: Hash.bind(null, 'sha256'),
  });
  const headers = {
    host,
    'x-amz-target': `AmazonSQS.${action}`,
    'content-type': 'application/x-amz-json-1.0',
  };
  const body = JSON.stringify(input);
  const request = {
    method: 'POST',
    protocol: 'http:',
    hostname,
    port: Number(port),
    path: '/',
    headers,
    body,
  };
  const signed = await signer.sign(request);
  const response = await fetch(awsEndpointUrl, { method: 'POST', headers: signed.headers, body });
  if (!response.ok) throw new Error(`SQS answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as SqsAnswer;
}
