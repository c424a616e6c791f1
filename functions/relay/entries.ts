import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../../domain/change.ts';
import type { Envelope } from '../../domain/events.ts';
import { env } from '../runtime/env.ts';
import { type Attributes, fromAttributes } from '../table/attribute-values.ts';

const tenant = env('TENANT');
const bus = env('BUS_NAME');

/** The bus entries of a stream record: those of the change that its new image is the first to carry. */
export function entriesOf(record: DynamoDBRecord): PutEventsRequestEntry[] {
  const stamp = stampIn(record.dynamodb?.NewImage);
  if (!stamp || stamp.id?.S === stampIn(record.dynamodb?.OldImage)?.id?.S) return [];
  return envelopesOf(fromAttributes(stamp) as unknown as Change).map((envelope) => ({
    EventBusName: bus,
    Source: envelope.source,
    DetailType: envelope.type,
    Time: new Date(envelope.time),
    Detail: JSON.stringify(envelope),
  }));
}

/** The events of a change as they go out; their ids follow from the change, so that a repetition is recognised. */
export function envelopesOf(change: Change): Envelope[] {
  const { id, at, actor, correlationId, causationId, via, events } = change;
  return events.map(({ type, subject, sequence, data }, index) => ({
    specversion: '1.0',
    id: `${id}-${index}`,
    source: 'fidelia',
    type,
    time: at,
    subject,
    tenant,
    sequence,
    actor,
    correlationId,
    ...(causationId ? { causationId } : {}),
    ...(via ? { via } : {}),
    data,
  }));
}

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

/** The stamp of the last change, as stored. */
const stampIn = (image: Image) => image?.change?.M as Attributes | undefined;
