import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

/** What the SDK alone takes for a call, in milliseconds of processor time: nothing that talks through it can take less. */
export interface SdkFloor {
  /** Over loopback HTTP to an endpoint that answers without looking, which is counted too. */
  readonly overHttp: number;
  /** With a request handler that answers on the spot. */
  readonly withoutNetwork: number;
}

const answer = JSON.stringify({
  Item: Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`attribute${index}`, { S: 'x'.repeat(40) }]),
  ),
});

const config = {
  region: 'eu-west-2',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
};
const command = () =>
  new GetCommand({ TableName: 'crm', Key: { pk: 'demo#cus_01', sk: 'view#profile' }, ConsistentRead: true });

async function processorMsACall(client: DynamoDBDocumentClient, calls: number): Promise<number> {
  for (let warm = 0; warm < calls / 4; warm++) await client.send(command());
  const before = process.cpuUsage();
  for (let call = 0; call < calls; call++) await client.send(command());
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / calls;
}

/** Measures the SDK in this process. */
export async function measureSdkFloor(calls = 4000): Promise<SdkFloor> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const overNetwork = new DynamoDBClient({ ...config, endpoint });
  const onTheSpot = new DynamoDBClient({
    ...config,
    requestHandler: {
      handle: async () => ({
        response: {
          statusCode: 200,
          headers: { 'content-type': 'application/x-amz-json-1.0' },
          body: Buffer.from(answer),
        } as never,
      }),
    },
  });
  try {
    return {
      overHttp: await processorMsACall(DynamoDBDocumentClient.from(overNetwork), calls),
      withoutNetwork: await processorMsACall(DynamoDBDocumentClient.from(onTheSpot), calls),
    };
  } finally {
    overNetwork.destroy();
    onTheSpot.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

if (process.send) {
  process.send(await measureSdkFloor());
  process.disconnect();
}
