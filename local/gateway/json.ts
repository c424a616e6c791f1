import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type AwsService } from '../aws.ts';
import { JsonText } from '../json-text.ts';
import type { GatewayResponse } from './http.ts';

/** A service that is called by `x-amz-target: <prefix>.<action>` with JSON. */
export interface JsonService {
  /** The service as its signatures and policies name it: `dynamodb`, `sqs`. */
  readonly name: string;
  readonly version: '1.0' | '1.1';
  /** Shape namespace before the `#` of an error's type; none where the service sends the bare name. */
  readonly namespace?: string;
  /** Whether answers carry `x-amz-crc32`, which some SDKs of DynamoDB compare. */
  readonly checksum?: boolean;
  /** The code of an error in the older query protocol, which SDKs of SQS read beside the JSON. */
  readonly queryCode?: (code: string) => string;
  /** Whether an action needs no signature; by default all need one. */
  readonly isUnsigned?: (action: string) => boolean;
  readonly call: AwsService;
}

type Wire = Pick<JsonService, 'version' | 'namespace' | 'checksum' | 'queryCode'>;

/** What a client gets of an error that no service meant: its text stays in the log. */
export const internalFailure = new AwsError(
  'InternalFailure',
  'The request processing has failed because of an unknown error; the log of the local cloud has it.',
  500,
);

/** What is nested so deeply that nobody can read it to its end. */
export const tooDeep = new AwsError(
  'SerializationException',
  'The body of the request is nested too deeply.',
);

/** Whether the stack ended at something that was nested too deeply. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}

function headersOf(wire: Wire, body: string): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': `application/x-amz-json-${wire.version}`,
    'x-amzn-requestid': randomUUID(),
  };
  if (wire.checksum) headers['x-amz-crc32'] = String(crc32(body));
  return headers;
}

/**
 * The members of a request. One that is null counts as not given, and a list holds no nulls:
 * https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
 *
 * @throws AwsError `SerializationException` for what is no JSON object or has a null in a list.
 */
export function parseInput(body: Buffer): Record<string, unknown> {
  let input: unknown;
  const text = body.toString('utf8');
  try {
    input = JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not JSON.');
  }
  if (text.includes('null')) dropNulls(input);
  if (input !== null && typeof input === 'object' && !Array.isArray(input)) {
    return input as Record<string, unknown>;
  }
  throw new AwsError('SerializationException', 'The body of the request is not a JSON object.');
}

function dropNulls(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  const holder = value as Record<string, unknown>;
  for (const name of Object.keys(holder)) {
    if (holder[name] !== null) dropNulls(holder[name]);
    else if (Array.isArray(value)) {
      throw new AwsError('SerializationException', 'A list in the body of the request has a null in it.');
    } else delete holder[name];
  }
}

export function answer(wire: Wire, output: unknown): GatewayResponse {
  const body = output instanceof JsonText ? output.text : JSON.stringify(output ?? {});
  return { status: 200, headers: headersOf(wire, body), body };
}

/** The namespace in which all services of the older kind, DynamoDB among them, declare what is wrong with a request. */
const CORAL: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate',
  SerializationException: 'com.amazon.coral.service',
  UnrecognizedClientException: 'com.amazon.coral.service',
  InvalidSignatureException: 'com.amazon.coral.service',
  MissingAuthenticationTokenException: 'com.amazon.coral.service',
  AccessDeniedException: 'com.amazon.coral.service',
  UnknownOperationException: 'com.amazon.coral.service',
};

export function answerError(wire: Wire, error: AwsError): GatewayResponse {
  const namespace = wire.namespace && (CORAL[error.code] ?? wire.namespace);
  const type = namespace ? `${namespace}#${error.code}` : error.code;
  const body = JSON.stringify({ __type: type, message: error.message, ...error.extra });
  const headers = headersOf(wire, body);
  if (wire.queryCode) {
    const fault = error.status < 500 ? 'Sender' : 'Receiver';
    headers['x-amzn-query-error'] = `${wire.queryCode(error.code)};${fault}`;
  }
  return { status: error.status, headers, body };
}
