import { randomUUID } from 'node:crypto';
import type { AwsError, Caller, Place } from '../aws.ts';
import type { EventBridge } from '../events/events.ts';
import type { GatewayRequest, GatewayResponse } from '../gateway/http.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Store } from '../store.ts';
import { actionFor, send } from './actions.ts';
import { createSesDefinitions, type SesDefinitions } from './definitions.ts';
import type { Forwarding } from './forwarding.ts';
import type { Mail } from './mail.ts';
import { createSending } from './sending.ts';
import { openSuppressionList } from './suppression.ts';

/** Amazon SES v2: what the stack sends goes into the outbox, and its events to the default bus. */
export interface Ses
  extends Pick<SesDefinitions, 'putIdentity' | 'putConfigurationSet' | 'putEventDestination' | 'identityOf'> {
  /**
   * Answers a REST request: SendEmail with simple and raw content, the account's suppression list, GetAccount and the
   * identities. An `AwsError` is turned into an answer by `error`.
   */
  handle(request: GatewayRequest, caller: Caller): GatewayResponse;
  error(error: AwsError): GatewayResponse;
  /** Sends a mail that came by SMTP, as `SendEmail` does, and answers its id. @throws {AwsError} what SES does not accept */
  sendBySmtp(mail: Mail, caller: Caller): string;
  /** Lets the events of mails happen, also what the last process left; call it when the rules are there. */
  start(): void;
  /** Set in tests. */
  readonly faults: SesFaults;
  close(): void;
}

export interface SesFaults {
  /**
   * Asked for each mail that would be accepted: let it be throttled, fail before it is accepted, or be accepted while the
   * sender gets an error. SDKs try all three again.
   */
  onSend?: (mail: {
    readonly to: readonly string[];
    readonly subject: string | null;
  }) => 'throttle' | 'fail' | 'lose answer' | undefined;
}

export interface SesOptions {
  readonly store: Store;
  readonly place: Place;
  readonly outbox: Outbox;
  readonly events: Pick<EventBridge, 'emit'>;
  /** Gets what leaves, too. */
  readonly forward?: Forwarding['forward'] | undefined;
  /** How long after its acceptance the events of a mail happen; default: 50 ms. */
  readonly delayMilliseconds?: number;
  /** Milliseconds since 1970; default: the system's clock. */
  readonly now?: () => number;
}

function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': randomUUID(), ...headers },
    body: JSON.stringify(body),
  };
}

export function createSes(options: SesOptions): Ses {
  const { store, place, outbox, events, forward, delayMilliseconds = 50, now = Date.now } = options;
  const definitions = createSesDefinitions(place);
  const suppression = openSuppressionList(store, now);
  const sending = createSending({
    store,
    place,
    outbox,
    events,
    definitions,
    suppression,
    forward,
    delayMilliseconds,
    now,
  });
  const faults: SesFaults = {};
  const context = { definitions, suppression, sending, faults };

  return {
    putIdentity: definitions.putIdentity,
    putConfigurationSet: definitions.putConfigurationSet,
    putEventDestination: definitions.putEventDestination,
    identityOf: definitions.identityOf,
    handle(request, caller) {
      const { action, input } = actionFor(request);
      return json(200, action(context, input, caller));
    },
    error: ({ code, message, status, extra }) =>
      json(status, { message, ...extra }, { 'x-amzn-errortype': code }),
    sendBySmtp: (mail, caller) => send(context, mail, caller, 'SendSmtpEmail'),
    start: sending.start,
    faults,
    close: sending.close,
  };
}
