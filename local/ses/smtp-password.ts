import { createHmac } from 'node:crypto';

/**
 * The password that goes with an access key at SES's SMTP interface of a region
 * (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert).
 */
export function smtpPasswordOf(secretAccessKey: string, region: string): string {
  const signature = ['11111111', region, 'ses', 'aws4_request', 'SendRawEmail'].reduce(
    (key, text) => createHmac('sha256', key).update(text).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  return Buffer.concat([Buffer.of(4), signature]).toString('base64');
}
