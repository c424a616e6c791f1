import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigFileError } from './config-file.ts';
import { loadTenant, parseTenant, tenantNames } from './tenant.ts';

const FILE = 'infra/tenants/acme.json';
const acme = JSON.parse(readFileSync(join(import.meta.dirname, 'tenants/acme.json'), 'utf8'));

type Edit = (file: typeof acme) => void;

/** What is said of acme's file after an edit. */
function complaint(edit: Edit): string {
  const file = structuredClone(acme);
  edit(file);
  try {
    parseTenant(FILE, JSON.stringify(file));
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigFileError);
    return (error as ConfigFileError).message;
  }
  throw new Error('the file was accepted');
}

describe('a tenant file', () => {
  test.each(tenantNames())('of %s is accepted', (name) => {
    expect(loadTenant(name).tenant).toBe(name);
  });

  test('has an account of its own', () => {
    const accounts = tenantNames().map((name) => loadTenant(name).account);
    expect(accounts.length).toBeGreaterThan(1);
    expect(new Set(accounts).size).toBe(accounts.length);
  });

  test.each<[string, Edit, string]>([
    [
      'a misspelt key',
      (file) => Object.assign(file, { logRetentionDay: 7 }),
      'logRetentionDay: there is no such key (its value is 7). Did you mean "logRetentionDays"? Allowed: "tenant", "title", "region"',
    ],
    [
      'a misspelt key inside',
      (file) => Object.assign(file.engagement.points, { PHNOE: 3 }),
      'engagement.points.PHNOE: there is no such key (its value is 3). Did you mean "PHONE"? Allowed: "PHONE", "EMAIL"',
    ],
    [
      'a missing key',
      (file) => delete file.engagement.halfLifeDays,
      'engagement.halfLifeDays: missing. Allowed: a number of days from 1 to 3650',
    ],
    [
      'a missing object',
      (file) => delete file.engagement.points.WEB,
      'engagement.points.WEB: missing. Allowed: an object of inbound, outbound',
    ],
    [
      'a misspelt region',
      (file) => Object.assign(file, { region: 'eu-centrl-1' }),
      'region: "eu-centrl-1". Did you mean "eu-central-1"? Allowed: "af-south-1"',
    ],
    [
      'an account as a number',
      (file) => Object.assign(file, { account: 222222222222 }),
      'account: 222222222222. Allowed: an AWS account id: 12 digits in quotes',
    ],
    [
      'a short account',
      (file) => Object.assign(file, { account: '123' }),
      'account: "123". Allowed: an AWS account id',
    ],
    [
      'an unknown environment',
      (file) => Object.assign(file, { environment: 'prod' }),
      'environment: "prod". Allowed: "development", "production"',
    ],
    [
      'a setting that nothing reads',
      (file) => Object.assign(file, { colour: 'red' }),
      'colour: there is no such key (its value is "red"). Allowed: "tenant", "title", "region"',
    ],
    [
      'a team with a space',
      (file) => Object.assign(file, { teams: ['key accounts'] }),
      'teams.0: "key accounts". Allowed: a name of a-z, 0-9 and -',
    ],
    [
      'a team twice',
      (file) => Object.assign(file, { teams: ['dach', 'dach'] }),
      'teams: ["dach","dach"]. Allowed: each team once',
    ],
    [
      'negative points',
      (file) => Object.assign(file.engagement.points.SMS, { inbound: -1 }),
      'engagement.points.SMS.inbound: -1. Allowed: a number of points from 0 to 1000',
    ],
    [
      'a half-life of less than a day',
      (file) => Object.assign(file.engagement, { halfLifeDays: 0.9 }),
      'engagement.halfLifeDays: 0.9. Allowed: a number of days from 1 to 3650',
    ],
    [
      'a retention that CloudWatch does not have',
      (file) => Object.assign(file, { logRetentionDays: 31 }),
      'logRetentionDays: 31. Allowed: 1, 3, 5, 7, 14, 30, 60',
    ],
    [
      'a mail address without a domain',
      (file) => Object.assign(file, { opsEmail: 'ops' }),
      'opsEmail: "ops". Allowed: an e-mail address',
    ],
    [
      'introspection in production',
      (file) => Object.assign(file, { introspection: true }),
      'introspection: true. Allowed: false in production',
    ],
    [
      'a first administrator without an address',
      (file) => Object.assign(file, { firstAdmin: 'Ada' }),
      'firstAdmin: "Ada". Allowed: an e-mail address',
    ],
    [
      'a time zone that is none',
      (file) => Object.assign(file, { timeZone: 'Europe/Berlim' }),
      'timeZone: "Europe/Berlim". Allowed: a time zone of the IANA database',
    ],
    [
      'an offset in place of a time zone',
      (file) => Object.assign(file, { timeZone: '+01:00' }),
      'timeZone: "+01:00". Allowed: a time zone of the IANA database',
    ],
    [
      'a rate of a currency that is none',
      (file) => Object.assign(file.currency.rates, { CHX: '1.05' }),
      'currency.rates.CHX: "CHX". Allowed: a currency of ISO 4217 such as "GBP"',
    ],
    [
      'a rate of nothing',
      (file) => Object.assign(file.currency.rates, { EUR: '0.00' }),
      'currency.rates.EUR: "0.00". Allowed: a decimal above zero such as "0.85"',
    ],
    [
      'a partner that has no file',
      (file) => Object.assign(file, { partners: ['carier'] }),
      'partners.0: "carier". There is no file infra/partners/carier.json. Did you mean "carrier"? Allowed: "carrier", "wholesaler"',
    ],
    [
      'a partner twice',
      (file) => Object.assign(file, { partners: ['carrier', 'carrier'] }),
      'partners: ["carrier","carrier"]. Allowed: each partner once',
    ],
    [
      'concurrency of a function that is not there',
      (file) => Object.assign(file, { concurrency: { notificaton: 5 } }),
      'concurrency.notificaton: there is no such key (its value is 5). Did you mean "notification"? Allowed: "team"',
    ],
    [
      'concurrency that no queue can have',
      (file) => Object.assign(file, { concurrency: { notification: 1 } }),
      'concurrency.notification: 1. Allowed: a whole number of executions from 2 to 1000',
    ],
    [
      'a restored table without its stream',
      (file) => Object.assign(file, { restoredTable: { name: 'acme-restored' } }),
      'restoredTable.streamArn: missing. Allowed: the ARN of its stream, with new and old images',
    ],
    [
      'a limit of requests below what the firewall takes',
      (file) => Object.assign(file, { requestsPerFiveMinutes: 10 }),
      'requestsPerFiveMinutes: 10. Allowed: a number of requests from 100 to 2000000',
    ],
    [
      'a rule on an event that is none',
      (file) => Object.assign(file.notifications.rules[1], { on: 'crm.order.place.v1' }),
      'notifications.rules.1.on: "crm.order.place.v1". Did you mean "crm.order.placed.v1"? Allowed: ',
    ],
    [
      'a misspelt key of a rule',
      (file) => Object.assign(file.notifications.rules[0], { purposes: 'SERVICE' }),
      'notifications.rules.0.purposes: there is no such key (its value is "SERVICE"). Did you mean "purpose"? Allowed: "name", "on"',
    ],
    [
      'a rule with a template that is not there',
      (file) => Object.assign(file.notifications.rules[3], { template: 'winback' }),
      'notifications.rules.3.template: "winback". There is no such template. Did you mean "win-back"? Allowed: "contact"',
    ],
    [
      'a rule on a field that its event does not have',
      (file) => Object.assign(file.notifications.rules[1], { where: { knid: ['SALE'] } }),
      'notifications.rules.1.where.knid: ["SALE"]. crm.order.placed.v1 has no such field. Did you mean "kind"? Allowed: "orderId"',
    ],
    [
      'a rule on a value that a field never has',
      (file) => Object.assign(file.notifications.rules[1], { where: { kind: ['SALE', 'RETRUN'] } }),
      'notifications.rules.1.where.kind: ["SALE","RETRUN"]. kind is never "RETRUN". Did you mean "RETURN"? Allowed: "SALE", "RETURN"',
    ],
    [
      'a rule on no value of a field',
      (file) => Object.assign(file.notifications.rules[1], { where: { kind: [] } }),
      'notifications.rules.1.where.kind: []. Allowed: at least one text',
    ],
    [
      'a template that is not closed',
      (file) => Object.assign(file.notifications.templates.order.en, { text: 'Dear {{ customer.name' }),
      'notifications.templates.order.en.text: "Dear {{ customer.name". Allowed: a template of Liquid; of this one it says: output "{{ customer.name" not closed',
    ],
    [
      'a template with a filter that is none',
      (file) => Object.assign(file.notifications.templates.order.en, { sms: '{{ event.amount | upcas }}' }),
      'notifications.templates.order.en.sms: "{{ event.amount | upcas }}". Allowed: a template of Liquid; of this one it says: undefined filter: upcas',
    ],
    [
      'a template of what is not known of a customer',
      (file) => Object.assign(file.notifications.templates.order.en, { title: 'Dear {{ customer.nmae }}' }),
      'notifications.templates.order.en.title: "Dear {{ customer.nmae }}". customer has no nmae. Did you mean "name"? Allowed: "name"',
    ],
    [
      'a template of what its event does not say',
      (file) => Object.assign(file.notifications.templates.order.en, { title: '{{ event.stage }}' }),
      'notifications.templates.order.en.title: "{{ event.stage }}". event has no stage. Allowed: "orderId"',
    ],
    [
      'a template of a variable that is none',
      (file) => Object.assign(file.notifications.templates.order.en, { title: '{{ company.title }}' }),
      'notifications.templates.order.en.title: "{{ company.title }}". There is no variable company. Allowed: "event"',
    ],
    [
      'a template in no language',
      (file) => Object.assign(file.notifications.templates, { order: {} }),
      'notifications.templates.order: {}. Allowed: a text in at least one language',
    ],
    [
      'a currency that is worth nothing',
      (file) => Object.assign(file.currency.rates, { USD: '0.00' }),
      'currency.rates.USD: "0.00". Allowed: a decimal above zero such as "0.85"',
    ],
    [
      'a rate of the reporting currency in itself',
      (file) => Object.assign(file.currency, { rates: { [file.currency.reporting]: '2' } }),
      'currency.rates: {"EUR":"2"}. Allowed: rates of other currencies than the reporting one',
    ],
    [
      'a title of two lines',
      (file) => Object.assign(file, { title: 'Acme\nLtd' }),
      'title: "Acme\\nLtd". Allowed: a line of 1 to 128 characters',
    ],
    [
      'two rules of one name',
      (file) => Object.assign(file.notifications.rules[1], { name: 'contact' }),
      'notifications.rules.1.name: "contact". Allowed: each name once',
    ],
    [
      'a customer who is to be told in the app',
      (file) => Object.assign(file.notifications.rules[1], { by: ['IN_APP'] }),
      'notifications.rules.1.by: ["IN_APP"]. Allowed: EMAIL and SMS for a CUSTOMER, who has no app',
    ],
    [
      'mail to a customer for no purpose',
      (file) => delete file.notifications.rules[1].purpose,
      'notifications.rules.1.purpose: missing. Allowed: MARKETING or SERVICE',
    ],
    [
      'a sender of SMS that no operator takes',
      (file) => Object.assign(file.notifications, { smsSender: 'ACME Limited' }),
      'notifications.smsSender: "ACME Limited". Allowed: 1 to 11 letters and digits',
    ],
    [
      "another tenant's name",
      (file) => Object.assign(file, { tenant: 'demo' }),
      'tenant: "demo". Allowed: "acme", as the file is named',
    ],
  ])('with %s is refused', (_what, edit, message) => {
    expect(complaint(edit)).toContain(`${FILE}: ${message}`);
  });

  test('may speak of parts of a text and of what a template itself names', () => {
    const file = structuredClone(acme);
    file.notifications.templates.order.en.text =
      "{% assign who = customer.givenName | default: customer.name %}{{ who }}: {{ event['amount'] }} {{ firm.title.size }}{{ unsubscribeUrl }}";
    expect(() => parseTenant(FILE, JSON.stringify(file))).not.toThrow();
  });

  test('with several faults is refused with a line for each', () => {
    const lines = complaint((file) => Object.assign(file, { region: 'x', opsEmail: 'y', teams: 3 })).split(
      '\n',
    );
    expect(lines.map((line) => line.split(': ')[1]).sort()).toEqual(['opsEmail', 'region', 'teams']);
  });

  test('that is not JSON is refused as such', () => {
    expect(() => parseTenant(FILE, '{"tenant": }')).toThrow(`${FILE}: not JSON: Unexpected token '}'`);
  });

  test('that is not there is answered with those that are', () => {
    expect(() => loadTenant('acmee')).toThrow(
      'There is no tenant "acmee" in infra/tenants. Did you mean "acme"? Allowed: "acme", "demo"',
    );
  });
});
