import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import type { Letter } from './message.ts';
import { oneAttempt } from './one-attempt.ts';
import { type Outcome, outcomeOf } from './outcome.ts';

/** Makes what sends SMS by SNS, from a sender of this name where a country allows one. */
export function smsSender(senderId: string | undefined): (letter: Letter) => Promise<Outcome> {
  const client = new SNSClient(oneAttempt());
  return (letter) => outcomeOf(() => client.send(new PublishCommand(smsOf(senderId, letter))));
}

/** The SMS as SNS takes it (https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html). */
export function smsOf(senderId: string | undefined, { message, address, said }: Letter): PublishCommandInput {
  const type = message.purpose === 'MARKETING' ? 'Promotional' : 'Transactional';
  return {
    PhoneNumber: address,
    Message: said.sms,
    MessageAttributes: {
      'AWS.SNS.SMS.SMSType': text(type),
      ...(senderId ? { 'AWS.SNS.SMS.SenderID': text(senderId) } : {}),
    },
  };
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
