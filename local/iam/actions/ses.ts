import { actionFor } from '../../ses/actions.ts';
import { mailOf } from '../../ses/mail.ts';
import type { Facts, Input, Need, RestNeeds } from '../need.ts';

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
function sendNeeds(body: Input, facts: Facts): Need[] {
  const mail = mailOf(body);
  const sender = facts.senderOf(mail.from);
  const set = mail.configurationSet ?? sender?.configurationSet;
  const keys = {
    'ses:apiversion': () => ['2'],
    'ses:fromaddress': () => [mail.from.address],
    'ses:fromdisplayname': () => [displayName(mail.from.text)],
    'ses:recipients': () => mail.recipients.map(({ address }) => address),
  };
  const resources = [
    arnOf(`identity/${sender?.name ?? mail.from.address}`, facts),
    ...(set === undefined ? [] : [arnOf(`configuration-set/${set}`, facts)]),
  ];
  return resources.map((resource) => ({ action: 'ses:SendEmail', resource, keys }));
}

/**
 * What each call of SES v2 needs:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
 */
export const sesNeeds: RestNeeds = {
  keys: ['ses:apiversion', 'ses:fromaddress', 'ses:fromdisplayname', 'ses:recipients'],
  needsOf(request, facts) {
    const { operation, input } = actionFor(request);
    if (operation === 'SendEmail') return sendNeeds(input.body, facts);
    const resource = operation === 'GetEmailIdentity' ? arnOf(`identity/${input.name}`, facts) : '*';
    const keys = { 'ses:apiversion': () => ['2'] };
    return [{ action: `ses:${operation}`, resource, keys }];
  },
};
