import { randomUUID } from 'node:crypto';
import type { AwsError } from '../aws.ts';
import type { GatewayResponse } from './http.ts';

/** The older query protocol, which STS and SNS speak: a form in, XML out. */

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const xml = (status: number, body: string): GatewayResponse => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

const metadata = () => `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata>`;

/** The answer of an action: `result` is text by the name of its element. */
export function queryAnswer(
  action: string,
  namespace: string,
  result: Readonly<Record<string, string>>,
): GatewayResponse {
  const elements = Object.entries(result).map(([name, text]) => `<${name}>${escapeXml(text)}</${name}>`);
  return xml(
    200,
    `<${action}Response xmlns="${namespace}"><${action}Result>${elements.join('')}</${action}Result>${metadata()}</${action}Response>`,
  );
}

export function queryError({ code, message, status }: AwsError): GatewayResponse {
  const type = status < 500 ? 'Sender' : 'Receiver';
  return xml(
    status,
    `<ErrorResponse><Error><Type>${type}</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );
}
