import { actionFor } from '../../ses/actions.ts';
import { type Mail, mailOf } from '../../ses/mail.ts';
import type { Facts, Need, RestNeeds } from '../need.ts';

function arnOf(path: string, { place }: Facts): string {
  return `arn:aws:ses:${place.region}:${place.accountId}:${path}`;
}

/** The name that stands before an address, without its quotes. */
function displayName(text: string): string {
  return text
    .slice(0, Math.max(text.lastIndexOf('<'), 0))
    .trim()
    .replace(/^"|"$/g, '');
}

/** A mail needs the right to its sender's identity and to its configuration set. */
function sendNeeds(mail: Mail, facts: Facts, action: string, apiVersion: string): Need[] {
  const sender = facts.senderOf(mail.from);
  const set = mail.configurationSet ?? sender?.configurationSet;
  const keys = {
    'ses:apiversion': () => [apiVersion],
    'ses:fromaddress': () => [mail.from.address],
    'ses:fromdisplayname': () => [displayName(mail.from.text)],
    'ses:recipients': () => mail.recipients.map(({ address }) => address),
  };
  const resources = [
    arnOf(`identity/${sender?.name ?? mail.from.address}`, facts),
    ...(set === undefined ? [] : [arnOf(`configuration-set/${set}`, facts)]),
  ];
  return resources.map((resource) => ({ action, resource, keys }));
}

/**
 * What a mail that comes by SMTP needs, which is the older API's
 * (https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html).
 */
export const smtpNeeds = (mail: Mail, facts: Facts) => sendNeeds(mail, facts, 'ses:SendRawEmail', '1');

/**
 * What each call of SES v2 needs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const sesNeeds: RestNeeds = {
  keys: ['ses:apiversion', 'ses:fromaddress', 'ses:fromdisplayname', 'ses:recipients'],
  needsOf(request, facts) {
    const { operation, input } = actionFor(request);
    if (operation === 'SendEmail') return sendNeeds(mailOf(input.body), facts, 'ses:SendEmail', '2');
    const resource = operation === 'GetEmailIdentity' ? arnOf(`identity/${input.name}`, facts) : '*';
    const keys = { 'ses:apiversion': () => ['2'] };
    return [{ action: `ses:${operation}`, resource, keys }];
  },
};
