import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Change } from '../../domain/change.ts';
import type { Envelope } from '../../domain/events.ts';
import { env } from '../runtime/env.ts';

const tenant = env('TENANT');
const bus = env('BUS_NAME');

/** The bus entries of a stream record: those of the change that its new image is the first to carry. */
export function entriesOf(record: DynamoDBRecord): PutEventsRequestEntry[] {
  const change = changeIn(record.dynamodb?.NewImage);
  if (!change || change.id === changeIn(record.dynamodb?.OldImage)?.id) return [];
  return envelopesOf(change).map((envelope) => ({
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

function changeIn(image: Image): Change | undefined {
  const stamp = image?.change;
  return stamp && (unmarshall({ stamp } as Parameters<typeof unmarshall>[0]).stamp as Change);
}
