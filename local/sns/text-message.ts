import { AwsError } from '../aws.ts';

/** A text message as `Publish` was asked to send it. */
export interface TextMessage {
  /** E.164. */
  readonly to: string;
  /** What the phone shows as its sender; null when it is a number that SNS chooses. */
  readonly from: string | null;
  readonly text: string;
  /** Its further attributes: `AWS.SNS.SMS.SMSType`, `AWS.SNS.SMS.MaxPrice`. */
  readonly tags: Readonly<Record<string, string>>;
}

function invalid(name: string, reason: string): AwsError {
  return new AwsError('InvalidParameter', `Invalid parameter: ${name} Reason: ${reason}`);
}

const SENDER_ID = 'AWS.SNS.SMS.SenderID';

/** What an attribute may say: https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
const attributes: Readonly<Record<string, { readonly form: RegExp; readonly reason: string }>> = {
  [SENDER_ID]: {
    form: /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/,
    reason: 'must be 1 to 11 letters and digits, at least one of them a letter',
  },
  'AWS.SNS.SMS.SMSType': {
    form: /^(Promotional|Transactional)$/,
    reason: 'must be Promotional or Transactional',
  },
  'AWS.SNS.SMS.MaxPrice': { form: /^\d+(\.\d+)?$/, reason: 'must be a price in US dollars' },
  'AWS.MM.SMS.OriginationNumber': { form: /^\+?\d{1,20}$/, reason: 'must be a phone number or short code' },
};

/** `MessageAttributes.entry.1.Name`, `….Value.StringValue` and so on, by name. */
function attributesOf(input: URLSearchParams): Record<string, string> {
  const given: Record<string, string> = {};
  for (let index = 1; input.has(`MessageAttributes.entry.${index}.Name`); index++) {
    const entry = `MessageAttributes.entry.${index}`;
    const name = input.get(`${entry}.Name`) ?? '';
    const value = input.get(`${entry}.Value.StringValue`) ?? '';
    const known = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    if (!known) {
      throw invalid(name, `it is no attribute of a text message; use ${Object.keys(attributes).join(', ')}`);
    }
    if (!known.form.test(value)) throw invalid(name, `${value} ${known.reason}`);
    given[name] = value;
  }
  return given;
}

/** Of one request, which SNS sends in several parts: https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
const MAX_CHARACTERS = 1600;

/** Reads the input of `Publish` to a phone number. @throws {AwsError} `InvalidParameter` as SNS does */
export function textMessageOf(input: URLSearchParams): TextMessage {
  const to = input.get('PhoneNumber') ?? '';
  if (!/^\+[1-9]\d{6,14}$/.test(to)) throw invalid('PhoneNumber', `${to} is not valid to publish to`);
  const text = input.get('Message') ?? '';
  if (text === '') throw new AwsError('InvalidParameter', 'Invalid parameter: Empty message');
  if (text.length > MAX_CHARACTERS) {
    throw invalid(
      'Message',
      `it has ${text.length} characters, and a text message at most ${MAX_CHARACTERS}`,
    );
  }
  const { [SENDER_ID]: from = null, ...tags } = attributesOf(input);
  return { to, from, text, tags };
}
