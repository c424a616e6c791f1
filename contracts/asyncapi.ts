import { type ShareableEvent, shareableEvents } from '../domain/partners/shareable.ts';
import { partnerEvents, partnerName, partnerSchemaOf, sampleOf } from './partner-events.ts';
import type { JsonSchema } from './schemas.ts';

const channel = 'partnerBus';

/** What partners get, as a document of AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0). */
export function asyncApi(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Fidelia: events for partners',
      version: '1.0.0',
      description:
        'What a firm that runs Fidelia sends to the firms of its supply chain: events about customers who consented to it, with the fields that a sharing agreement lists. Events come at least once and in no order: drop an `id` that you have seen, and of two events of one type about one `subject` keep the one of the higher `sequence`.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      [channel]: {
        address: 'fidelia-{tenant}-partner-{partner}',
        title: 'The bus of a partner',
        description:
          'A bus of Amazon EventBridge in the account of the firm, for one partner alone. Get its events from the queue behind it, or by a rule that forwards them to a bus of your account.',
        parameters: {
          tenant: { description: 'The short name of the firm.' },
          partner: { description: 'Your name in the configuration of the firm.' },
        },
        messages: Object.fromEntries(
          partnerEvents.map((event) => [
            partnerName(event),
            { $ref: `#/components/messages/${partnerName(event)}` },
          ]),
        ),
      },
    },
    operations: {
      shareEvents: {
        action: 'send',
        channel: { $ref: `#/channels/${channel}` },
        summary: 'Fidelia sends an event when an agreement covers it and the customer consents to it.',
        messages: partnerEvents.map((event) => ({
          $ref: `#/channels/${channel}/messages/${partnerName(event)}`,
        })),
      },
    },
    components: {
      messages: Object.fromEntries(partnerEvents.map((event) => [partnerName(event), messageOf(event)])),
      schemas: Object.fromEntries(partnerEvents.map((event) => [partnerName(event), embedded(event)])),
    },
  };
}

function messageOf(event: ShareableEvent): object {
  const name = partnerName(event);
  return {
    name,
    title: name,
    summary: shareableEvents[event].description,
    contentType: 'application/json',
    payload: delivered(name),
    examples: [
      {
        name: 'everyField',
        summary: 'Under an agreement that lists every field.',
        payload: deliveredSample(event),
      },
    ],
  };
}

/** The event as EventBridge hands it on (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html). */
function delivered(name: string): JsonSchema {
  const text = { type: 'string' };
  return {
    type: 'object',
    required: ['version', 'id', 'detail-type', 'source', 'account', 'time', 'region', 'resources', 'detail'],
    properties: {
      version: text,
      id: { ...text, description: 'Of EventBridge, another one each time: recognise events by `detail.id`.' },
      'detail-type': { ...text, const: name },
      source: { ...text, description: '`fidelia/` and the short name of the firm.' },
      account: text,
      time: { ...text, format: 'date-time' },
      region: text,
      resources: { type: 'array', items: text },
      detail: { $ref: `#/components/schemas/${name}` },
    },
  };
}

function deliveredSample(event: ShareableEvent): object {
  const detail = sampleOf(event);
  return {
    version: '0',
    id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
    'detail-type': detail.type,
    source: detail.source,
    account: '111111111111',
    time: '2026-11-20T10:00:01Z',
    region: 'eu-west-2',
    resources: [],
    detail,
  };
}

function embedded(event: ShareableEvent): object {
  const { $schema: _dialect, ...schema } = partnerSchemaOf(event);
  return schema;
}
