import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBRecord } from 'aws-lambda';
import { env } from '../runtime/env.ts';
import { logger } from '../runtime/logger.ts';

const client = new S3Client({});
const bucket = env('FAILURES_BUCKET');

/**
 * Keeps a record that can never be relayed as it is, so that those behind it need not wait. The object has the records
 * where Lambda has those of a batch that it gave up, and is relayed in the same way; again, it has the same key.
 *
 * @throws Error when it could not be kept
 */
export async function setAside(record: DynamoDBRecord, reason: string): Promise<void> {
  const key = `relay/${record.eventID}`;
  const body = { version: '1.0', reason, payload: JSON.stringify({ Records: [record] }) };
  await client.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: JSON.stringify(body),
      ContentType: 'application/json',
    }),
  );
  logger.error('A change cannot be relayed and was set aside', { reason, bucket, key });
}
