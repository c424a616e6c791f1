import * as v from 'valibot';
import { type Mailbox, mailboxesOf, mailboxOf } from './addresses.ts';
import { badRequest } from './errors.ts';
import { type Header, headerOf, parseMail } from './mime.ts';

/** A mail that SES was asked to send. */
export interface Mail {
  readonly from: Mailbox;
  /** Everybody who gets it, blind copies included. */
  readonly recipients: readonly Mailbox[];
  readonly subject: string | null;
  readonly text: string | null;
  readonly html: string | null;
  readonly headers: readonly Header[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | undefined;
  /** Where bounces would go, of a mail that came by SMTP: it must be verified, too. */
  readonly returnPath?: Mailbox;
  /** The mail as it was given in MIME; undefined when it was given in parts. */
  readonly raw?: Buffer;
  /** Whether it carries the EICAR test virus, which SES rejects after it has accepted the mail. */
  readonly infected: boolean;
}

/** Limits: https://docs.aws.amazon.com/ses/latest/dg/quotas.html */
const MAX_RECIPIENTS = 50;
export const MAX_BYTES = 40 * 1024 * 1024;
const MAX_HEADERS = 15;

const strings = v.optional(v.array(v.string()), []);
const content = v.strictObject({ Data: v.string(), Charset: v.optional(v.string()) });
const pairs = v.optional(v.array(v.strictObject({ Name: v.string(), Value: v.string() })), []);

const requestSchema = v.strictObject({
  FromEmailAddress: v.optional(v.string()),
  Destination: v.optional(
    v.strictObject({ ToAddresses: strings, CcAddresses: strings, BccAddresses: strings }),
  ),
  ReplyToAddresses: strings,
  Content: v.strictObject({
    Simple: v.optional(
      v.strictObject({
        Subject: content,
        Body: v.strictObject({ Text: v.optional(content), Html: v.optional(content) }),
        Headers: pairs,
      }),
    ),
    Raw: v.optional(v.strictObject({ Data: v.string() })),
  }),
  EmailTags: pairs,
  ConfigurationSetName: v.optional(v.string()),
});
type Request = v.InferOutput<typeof requestSchema>;
type Simple = NonNullable<Request['Content']['Simple']>;

function requestOf(input: unknown): Request {
  const parsed = v.safeParse(requestSchema, input);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? 'the request';
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    throw badRequest(`${path} is not run here: leave it out.`);
  }
  throw badRequest(`${path} is not valid. ${issue.message}`);
}

/** Tags by name: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html */
function tagsOf(tags: readonly { Name: string; Value: string }[]): Record<string, string> {
  for (const { Name, Value } of tags) {
    for (const [part, text] of [
      ['name', Name],
      ['value', Value],
    ] as const) {
      if (/^[A-Za-z0-9_-]{1,256}$/.test(text)) continue;
      throw badRequest(
        `Invalid tag ${part} <${text}>, only 1 to 256 alphanumeric ASCII characters, '_', and '-' are allowed.`,
      );
    }
  }
  return Object.fromEntries(tags.map(({ Name, Value }) => [Name, Value]));
}

/** Headers: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html */
function checkHeaders(headers: Simple['Headers']): void {
  if (headers.length > MAX_HEADERS) {
    throw badRequest(`The message has ${headers.length} headers; at most ${MAX_HEADERS} are allowed.`);
  }
  for (const { Name, Value } of headers) {
    const fits = Name.length + Value.length <= 996 && Value.length <= 995;
    if (fits && /^[\x21-\x39\x3b-\x7e]{1,126}$/.test(Name) && /^[\x20-\x7e]*$/.test(Value)) continue;
    throw badRequest(`The header <${Name}> has a name or value that is not printable ASCII or too long.`);
  }
}

function checkSize(bytes: number): void {
  if (bytes > MAX_BYTES) {
    throw badRequest(`Message length is more than ${MAX_BYTES} bytes long: '${bytes}'.`);
  }
}

function recipientsOf(mailboxes: readonly Mailbox[]): readonly Mailbox[] {
  if (mailboxes.length === 0) throw badRequest('The message has no recipient: give at least one address.');
  if (mailboxes.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
  return mailboxes;
}

const isInfected = (text: string) => text.includes('EICAR-STANDARD-ANTIVIRUS-TEST-FILE');

function header(name: string, values: readonly string[]): Header[] {
  return values.length === 0 ? [] : [{ name, value: values.join(', ') }];
}

function simpleMail(request: Request, { Subject, Body, Headers }: Simple): Mail {
  const { FromEmailAddress, Destination, ReplyToAddresses } = request;
  if (FromEmailAddress === undefined) throw badRequest('FromEmailAddress is required.');
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination ?? {};
  checkHeaders(Headers);
  const texts = [Subject.Data, Body.Text?.Data ?? '', Body.Html?.Data ?? ''];
  checkSize(texts.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 3) * 4, 0));
  if (!Body.Text && !Body.Html) throw badRequest('The message has no body: give Body.Text or Body.Html.');
  for (const address of ReplyToAddresses) mailboxOf(address);
  return {
    from: mailboxOf(FromEmailAddress),
    recipients: recipientsOf([...ToAddresses, ...CcAddresses, ...BccAddresses].map(mailboxOf)),
    subject: Subject.Data,
    text: Body.Text?.Data ?? null,
    html: Body.Html?.Data ?? null,
    headers: [
      ...header('From', [FromEmailAddress]),
      ...header('Reply-To', ReplyToAddresses),
      ...header('To', ToAddresses),
      ...header('Cc', CcAddresses),
      ...header('Subject', [Subject.Data]),
      ...Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
    ],
    tags: tagsOf(request.EmailTags),
    configurationSet: request.ConfigurationSetName,
    infected: texts.some(isInfected),
  };
}

/** The tags of `X-SES-MESSAGE-TAGS: a=b, c=d`, which only a raw mail has. */
function taggedInHeader(headers: readonly Header[]): { Name: string; Value: string }[] {
  const pairs = (headerOf(headers, 'X-SES-MESSAGE-TAGS') ?? '')
    .split(',')
    .filter((pair) => pair.trim() !== '');
  return pairs.map((pair) => {
    const [Name = '', Value = ''] = pair.split('=').map((part) => part.trim());
    return { Name, Value };
  });
}

/** What is said beside a raw mail. */
type Beside = Pick<Request, 'FromEmailAddress' | 'Destination' | 'EmailTags' | 'ConfigurationSetName'>;

/** What the request says goes before what the mail says. */
function rawMail(request: Beside, raw: Buffer): Mail {
  const { headers, text, html } = parseMail(raw);
  const from = request.FromEmailAddress ?? headerOf(headers, 'From');
  if (from === undefined) throw badRequest("The message has no 'From': give FromEmailAddress or the header.");
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = request.Destination ?? {};
  const given = [...ToAddresses, ...CcAddresses, ...BccAddresses].map(mailboxOf);
  const written = ['To', 'Cc', 'Bcc'].flatMap((name) => mailboxesOf(headerOf(headers, name) ?? ''));
  return {
    from: mailboxOf(from),
    recipients: recipientsOf(given.length > 0 ? given : written),
    subject: headerOf(headers, 'Subject') ?? null,
    text,
    html,
    headers: headers.filter(({ name }) => !/^(bcc|x-ses-.*)$/i.test(name)),
    tags: tagsOf([...taggedInHeader(headers), ...request.EmailTags]),
    configurationSet: request.ConfigurationSetName ?? headerOf(headers, 'X-SES-CONFIGURATION-SET'),
    raw,
    infected: isInfected(raw.toString('latin1')),
  };
}

/**
 * Reads a mail that came by SMTP, for those whom its envelope names.
 *
 * @throws {AwsError} `BadRequestException` for what SES does not take.
 */
export function mailBySmtp(raw: Buffer, envelope: { readonly from: string; readonly to: string[] }): Mail {
  const Destination = { ToAddresses: envelope.to, CcAddresses: [], BccAddresses: [] };
  return { ...rawMail({ Destination, EmailTags: [] }, raw), returnPath: mailboxOf(envelope.from) };
}

/**
 * Reads the input of `SendEmail`: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 *
 * @throws {AwsError} `BadRequestException` for what SES does not take and for what is not run here.
 */
export function mailOf(input: unknown): Mail {
  const request = requestOf(input);
  const { Simple, Raw } = request.Content;
  if (Simple && !Raw) return simpleMail(request, Simple);
  if (Raw && !Simple) {
    checkSize(Raw.Data.length);
    return rawMail(request, Buffer.from(Raw.Data, 'base64'));
  }
  throw badRequest('Content must have either Simple or Raw.');
}
