import { AwsError, type Caller } from '../aws.ts';
import type { GatewayRequest } from '../gateway/http.ts';
import { parseInput } from '../gateway/json.ts';
import { mailboxOf } from './addresses.ts';
import type { Identity, SesDefinitions } from './definitions.ts';
import { badRequest, internalFailure, notFound, throttled } from './errors.ts';
import type { Operation } from './events.ts';
import { type Mail, mailOf } from './mail.ts';
import { ACCOUNT_REASONS, type Sending } from './sending.ts';
import type { SesFaults } from './ses.ts';
import type { Suppressed, SuppressionList } from './suppression.ts';

export interface SesContext {
  readonly definitions: SesDefinitions;
  readonly suppression: SuppressionList;
  readonly sending: Sending;
  readonly faults: SesFaults;
}

export interface Input {
  /** What stands in the path in place of the action's parameter. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Action = (context: SesContext, input: Input, caller: Caller) => object;

/** Sends a mail, however it came, and answers its id. @throws {AwsError} what SES does not accept */
export function send(
  { sending, faults }: Pick<SesContext, 'sending' | 'faults'>,
  mail: Mail,
  caller: Caller,
  operation: Operation,
): string {
  const set = sending.check(mail);
  const to = mail.recipients.map(({ address }) => address);
  const fault = faults.onSend?.({ to, subject: mail.subject });
  if (fault === 'throttle') throw throttled();
  if (fault === 'fail') throw internalFailure();
  const messageId = sending.accept(mail, set, caller, operation);
  if (fault === 'lose answer') throw internalFailure();
  return messageId;
}

const sendEmail: Action = (context, { body }, caller) => ({
  MessageId: send(context, mailOf(body), caller, 'SendEmail'),
});

/** Times in JSON are seconds since 1970. */
function summaryOf({ address, reason, changedAt }: Suppressed): object {
  return { EmailAddress: address, Reason: reason, LastUpdateTime: changedAt / 1000 };
}

function notSuppressed(address: string): AwsError {
  return notFound(`Email address ${address} does not exist on your suppression list.`);
}

const putSuppressed: Action = ({ suppression }, { body }) => {
  const { EmailAddress, Reason } = body;
  if (Reason !== 'BOUNCE' && Reason !== 'COMPLAINT') {
    throw badRequest(`Reason ${String(Reason)} is not valid: use BOUNCE or COMPLAINT.`);
  }
  suppression.put(mailboxOf(String(EmailAddress)).address, Reason);
  return {};
};

const getSuppressed: Action = ({ suppression }, { name }) => {
  const found = suppression.get(name);
  if (!found) throw notSuppressed(name);
  return { SuppressedDestination: summaryOf(found) };
};

const deleteSuppressed: Action = ({ suppression }, { name }) => {
  if (!suppression.remove(name)) throw notSuppressed(name);
  return {};
};

/** Pages hold up to 1,000: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListSuppressedDestinations.html */
const listSuppressed: Action = ({ suppression }, { query }) => {
  const size = Number(query.get('PageSize') ?? 1000);
  if (!Number.isInteger(size) || size < 1 || size > 1000) {
    throw badRequest(`PageSize ${size} is not valid: use 1 to 1000.`);
  }
  const unknown = [...query.keys()].find((name) => name !== 'PageSize' && name !== 'NextToken');
  if (unknown !== undefined) throw badRequest(`${unknown} is not run here: leave it out.`);
  const found = suppression.list(query.get('NextToken') ?? '', size + 1);
  const page = found.slice(0, size);
  return {
    SuppressedDestinationSummaries: page.map(summaryOf),
    ...(found.length > size && { NextToken: page.at(-1)?.address }),
  };
};

const listIdentities: Action = ({ definitions }) => ({
  EmailIdentities: definitions.identities().map(({ name, kind }) => ({
    IdentityName: name,
    IdentityType: kind,
    SendingEnabled: true,
    VerificationStatus: 'SUCCESS',
  })),
});

function describeIdentity({ kind, configurationSet }: Identity): object {
  return {
    IdentityType: kind,
    FeedbackForwardingStatus: true,
    VerifiedForSendingStatus: true,
    VerificationStatus: 'SUCCESS',
    ...(configurationSet !== undefined && { ConfigurationSetName: configurationSet }),
  };
}

const getIdentity: Action = ({ definitions }, { name }) => {
  const found = definitions.identity(name);
  if (!found) throw notFound(`Email identity ${name} does not exist.`);
  return describeIdentity(found);
};

/** No quota holds here: -1 says so. */
const getAccount: Action = () => ({
  DedicatedIpAutoWarmupEnabled: false,
  EnforcementStatus: 'HEALTHY',
  ProductionAccessEnabled: true,
  SendingEnabled: true,
  SendQuota: { Max24HourSend: -1 },
  SuppressionAttributes: { SuppressedReasons: ACCOUNT_REASONS },
});

/** Each action by its name in the API, with its method and path; the group in a path is its parameter. */
const routes: readonly (readonly [operation: string, method: string, path: RegExp, action: Action])[] = [
  ['SendEmail', 'POST', /^outbound-emails$/, sendEmail],
  ['PutSuppressedDestination', 'PUT', /^suppression\/addresses$/, putSuppressed],
  ['ListSuppressedDestinations', 'GET', /^suppression\/addresses$/, listSuppressed],
  ['GetSuppressedDestination', 'GET', /^suppression\/addresses\/([^/]+)$/, getSuppressed],
  ['DeleteSuppressedDestination', 'DELETE', /^suppression\/addresses\/([^/]+)$/, deleteSuppressed],
  ['ListEmailIdentities', 'GET', /^identities$/, listIdentities],
  // Where newer SDKs call it.
  ['ListEmailIdentities', 'POST', /^list-identities$/, listIdentities],
  ['GetEmailIdentity', 'GET', /^identities\/([^/]+)$/, getIdentity],
  ['GetAccount', 'GET', /^account$/, getAccount],
];

/** What a request asks for. */
export interface Asked {
  /** The action's name in the API. */
  readonly operation: string;
  readonly action: Action;
  readonly input: Input;
}

/** The action that a request asks for, with its input. @throws {AwsError} `UnknownOperationException` */
export function actionFor({ method, url, body }: Pick<GatewayRequest, 'method' | 'url' | 'body'>): Asked {
  const { pathname, searchParams } = new URL(url, 'http://ses');
  const path = pathname.replace(/^\/v2\/email\//, '').replace(/\/$/, '');
  for (const [operation, verb, pattern, action] of routes) {
    const match = verb === method ? pattern.exec(path) : null;
    if (!match) continue;
    const name = decodeURIComponent(match[1] ?? '');
    const input = { name, query: searchParams, body: body.length > 0 ? parseInput(body) : {} };
    return { operation, action, input };
  }
  throw new AwsError(
    'UnknownOperationException',
    `The SES action ${method} ${pathname} is not run here.`,
    404,
  );
}
