import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** A user of the pool, as far as notification asks. */
export interface PoolUser {
  readonly sub: string;
  readonly username: string;
  readonly email?: string;
  readonly phone?: string;
  readonly name?: string;
  readonly enabled?: boolean;
  readonly teams?: readonly string[];
}

/** What a sender does with a message: whether it takes it, and how it answers. */
export interface Behaviour {
  readonly takes: boolean;
  readonly answers: 'truly' | 'reset' | 'never' | { readonly status: number; readonly code: string };
}

/** A message that a sender was asked to take. */
export interface Sent {
  readonly service: 'ses' | 'sns';
  readonly to: string;
  /** The request: of SES its JSON, of SNS its form. */
  readonly request: Readonly<Record<string, unknown>>;
}

export const takes: Behaviour = { takes: true, answers: 'truly' };

/** The behaviour that refuses with an error. */
export const refuses = (status: number, code: string): Behaviour => ({
  takes: false,
  answers: { status, code },
});

/** SES, SNS and Cognito on 127.0.0.1, as far as notification talks to them. */
export async function startSenders(users: readonly PoolUser[]) {
  const taken: Sent[] = [];
  const asked: Sent[] = [];
  let behave: (sent: Sent) => Behaviour = () => takes;

  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target) return reply(response, 200, 'ses', JSON.stringify(cognito(users, target, JSON.parse(body))));
    const sent = readSent(request.url ?? '', body);
    const behaviour = behave(sent);
    asked.push(sent);
    if (behaviour.takes) taken.push(sent);
    answer(response, sent, behaviour);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    environment: {
      AWS_ENDPOINT_URL_SESV2: url,
      AWS_ENDPOINT_URL_SNS: url,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
      USER_POOL_ID: 'eu-west-2_test',
      CONFIGURATION_SET: 'demo',
      UNSUBSCRIBE_URL: 'https://unsubscribe.example',
    },
    /** From now on each message is treated so. */
    behave: (how: (sent: Sent) => Behaviour) => {
      behave = how;
    },
    /** The messages that were taken since the last time. */
    takeSent: () => taken.splice(0),
    /** The messages that were offered since the last time, taken or not. */
    takeAsked: () => asked.splice(0),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function readSent(url: string, body: string): Sent {
  if (url.startsWith('/v2/email/outbound-emails')) {
    const request = JSON.parse(body);
    return { service: 'ses', to: request.Destination.ToAddresses.join(), request };
  }
  const request = Object.fromEntries(new URLSearchParams(body));
  return { service: 'sns', to: String(request.PhoneNumber), request };
}

function answer(response: ServerResponse, { service }: Sent, { answers }: Behaviour): void {
  if (answers === 'reset') response.socket?.destroy();
  else if (answers === 'truly') reply(response, 200, service, taking[service]);
  else if (answers !== 'never') {
    const { status, code } = answers;
    response.setHeader('x-amzn-errortype', code);
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error>`;
    const body = service === 'ses' ? '{"message":"no"}' : `<ErrorResponse>${error}</ErrorResponse>`;
    reply(response, status, service, body);
  }
}

const taking = {
  ses: '{"MessageId":"taken"}',
  sns: '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>',
} as const;

function reply(response: ServerResponse, status: number, service: Sent['service'], body: string): void {
  const type = service === 'ses' ? 'application/json' : 'text/xml';
  response.writeHead(status, { 'content-type': type }).end(body);
}

function cognito(users: readonly PoolUser[], target: string, input: Record<string, string>) {
  const sub = /^sub = "(.*)"$/.exec(input.Filter ?? '')?.[1];
  const team = input.GroupName?.replace(/^team-/, '') ?? '';
  const found = users.filter((user) =>
    target.endsWith('.ListUsersInGroup') ? user.teams?.includes(team) : user.sub === sub,
  );
  return { Users: found.map(toPoolUser) };
}

function toPoolUser({ sub, username, email, phone, name, enabled = true }: PoolUser) {
  const attributes = { sub, email, phone_number: phone, name };
  const Attributes = Object.entries(attributes).flatMap(([Name, Value]) => (Value ? [{ Name, Value }] : []));
  return { Username: username, Enabled: enabled, Attributes };
}
