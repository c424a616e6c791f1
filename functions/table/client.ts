import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { env } from '../runtime/env.ts';
import { busyClient, lean } from '../runtime/sdk.ts';

/** The one DynamoDB client of a function. */
export const client = DynamoDBDocumentClient.from(lean(new DynamoDBClient(busyClient('dynamodb'))), {
  marshallOptions: { removeUndefinedValues: true },
});

/** The tenant, part of every key even though each tenant has a table of its own. */
export const tenant = env('TENANT');

/** The CRM table. */
export const crmTable = { client, table: env('TABLE_NAME') };

/** The table of short-lived technical records: no stream, no backup. */
export const technicalTable = { client, table: process.env.TECHNICAL_TABLE_NAME ?? '' };
