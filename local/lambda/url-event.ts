import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request to a function URL. */
export interface UrlRequest {
  /** The id in the address of the function. */
  readonly urlId: string;
  readonly region: string;
  readonly method: string;
  /** As sent: from the slash after the id on. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly scheme: 'http' | 'https';
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Headers that are between a client and its next hop only. */
const HOP_BY_HOP = new Set([
  'connection',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Media types that functions get as text; everything else is in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml)|application\/[^;]+\+(json|xml))/i;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` */
function logTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

function headersOf({ headers, sourceIp, scheme }: UrlRequest): Record<string, string> {
  const passed = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === 'cookie' || HOP_BY_HOP.has(name)
      ? []
      : [[name, [value].flat().join(',')]],
  );
  return { ...Object.fromEntries(passed), 'x-forwarded-for': sourceIp, 'x-forwarded-proto': scheme };
}

/** Values of a name that is there several times are parted by commas. */
function queryOf(rawQueryString: string): Record<string, string> | undefined {
  const query = new URLSearchParams(rawQueryString);
  if (query.size === 0) return undefined;
  return Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]));
}

function bodyOf({ headers, body }: UrlRequest): {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
} {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/**
 * The event of a request, in payload format 2.0
 * (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads).
 */
export function urlEvent(request: UrlRequest): object {
  const { urlId, region, method, rawPath, rawQueryString, protocol, headers, sourceIp, time } = request;
  const cookies = headers.cookie?.split(/;\s*/).filter((cookie) => cookie !== '');
  const queryStringParameters = queryOf(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookies && { cookies }),
    headers: headersOf(request),
    ...(queryStringParameters && { queryStringParameters }),
    requestContext: {
      accountId: 'anonymous',
      apiId: urlId,
      domainName: `${urlId}.lambda-url.${region}.on.aws`,
      domainPrefix: urlId,
      http: { method, path: rawPath, protocol, sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: logTime(time),
      timeEpoch: time,
    },
    ...bodyOf(request),
  };
}

/** What a client of a function URL gets. */
export interface UrlResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string | Buffer;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Text as it is, everything else as JSON. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/**
 * What a function's result becomes: with a `statusCode` the answer that it describes, without one an answer 200 with the
 * result as its body. Undefined for a result that describes none.
 */
export function urlResponse(result: unknown): UrlResponse | undefined {
  if (!isObject(result) || result.statusCode === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: textOf(result) };
  }
  const { statusCode, headers = {}, body = '', cookies, isBase64Encoded } = result;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599 || !isObject(headers)) return undefined;
  const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const text = textOf(body ?? '');
  return {
    status,
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(given),
      ...(Array.isArray(cookies) && { 'set-cookie': cookies.map(String) }),
    },
    body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text,
  };
}
