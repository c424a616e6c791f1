import { randomUUID } from 'node:crypto';
import { AwsError, type Place } from '../aws.ts';
import type { GatewayRequest, GatewayResponse } from '../gateway/http.ts';
import { queryAnswer, queryError } from '../gateway/query.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { textMessageOf } from './text-message.ts';

/** Amazon SNS, as far as the stack sends with it: text messages to phone numbers, which go into the outbox. */
export interface Sns {
  /** Makes a topic, so that it is known; nothing is delivered to it. */
  addTopic(name: string): { arn: string };
  /** Answers `Publish` in the query protocol. An `AwsError` is turned into an answer by `error`. */
  handle(request: Pick<GatewayRequest, 'body'>): GatewayResponse;
  error(error: AwsError): GatewayResponse;
}

export interface SnsOptions {
  readonly place: Place;
  readonly outbox: Pick<Outbox, 'add'>;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

export function createSns({ place, outbox }: SnsOptions): Sns {
  const topics = new Set<string>();

  function refuseTopic(arn: string): never {
    if (!topics.has(arn)) throw new AwsError('NotFound', 'Topic does not exist', 404);
    throw new AwsError(
      'InvalidParameter',
      `Invalid parameter: TopicArn Reason: publishing to the topic ${arn} is not run here, only text messages by PhoneNumber are`,
    );
  }

  function publish(input: URLSearchParams): GatewayResponse {
    const targets = ['TopicArn', 'TargetArn', 'PhoneNumber'].filter((name) => input.get(name));
    if (targets.length !== 1) {
      throw new AwsError(
        'InvalidParameter',
        targets.length === 0
          ? 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter'
          : `Invalid parameter: ${targets.join(' and ')} Reason: only one of them may be given`,
      );
    }
    const topicArn = input.get('TopicArn') || input.get('TargetArn');
    if (topicArn) refuseTopic(topicArn);
    const { to, from, text, tags } = textMessageOf(input);
    const messageId = randomUUID();
    outbox.add({
      kind: 'SMS',
      service: 'sns',
      from,
      to: [to],
      subject: null,
      text,
      html: null,
      headers: {},
      tags,
      messageId,
    });
    return queryAnswer('Publish', NAMESPACE, { MessageId: messageId });
  }

  return {
    addTopic(name) {
      const arn = `arn:aws:sns:${place.region}:${place.accountId}:${name}`;
      topics.add(arn);
      return { arn };
    },
    handle({ body }) {
      const input = new URLSearchParams(body.toString('utf8'));
      const action = input.get('Action');
      if (action !== 'Publish') throw new AwsError('InvalidAction', `SNS does not run ${action} here.`);
      return publish(input);
    },
    error: queryError,
  };
}
