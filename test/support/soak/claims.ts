import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { claimLastsMs } from '../../../domain/interactions/message.ts';
import type { StackFile } from '../stack.ts';

/** Lets the time pass after which mails whose sender was killed are given up: they are claimed for two minutes. */
export async function letClaimsLapse(stack: StackFile): Promise<void> {
  const credentials = { accessKeyId: stack.adminAccessKeyId, secretAccessKey: stack.adminSecretAccessKey };
  const plain = new DynamoDBClient({ endpoint: stack.awsEndpointUrl, region: stack.region, credentials });
  const client = DynamoDBDocumentClient.from(plain);
  const TableName = stack.tableName;
  const names = { ExpressionAttributeNames: { '#state': 'state' } };
  const claimed = ':claimed';
  const pages = paginateScan(
    { client },
    {
      ...{ TableName, ...names, FilterExpression: `#state = ${claimed}` },
      ExpressionAttributeValues: { [claimed]: 'CLAIMED' },
    },
  );
  for await (const { Items = [] } of pages) {
    for (const { pk, sk } of Items) {
      const before = new Date(Date.now() - claimLastsMs - 1000).toISOString();
      const update = { TableName, ...names, Key: { pk, sk }, UpdateExpression: 'SET claimedAt = :before' };
      await client.send(
        new UpdateCommand({
          ...update,
          ConditionExpression: `#state = ${claimed}`,
          ExpressionAttributeValues: { [claimed]: 'CLAIMED', ':before': before },
        }),
      );
    }
  }
  client.destroy();
}
