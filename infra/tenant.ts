/** The tenant file: everything in which the stack of one firm differs from another's. Closed, so a typo is an error. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import * as v from 'valibot';
import { describeFault, oneOf } from './tenant-faults.ts';

const FOLDER = join(import.meta.dirname, 'tenants');

/** What CloudWatch Logs takes as a retention, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const REGIONS = RegionInfo.regions
  .filter((region) => region.partition === 'aws')
  .map((region) => region.name);

/** The events that a rule of notification can be on: those about one customer. */
const EVENTS = [
  'crm.customer.created.v1',
  'crm.customer.updated.v1',
  'crm.consent.recorded.v1',
  'crm.interaction.logged.v1',
  'crm.order.placed.v1',
  'crm.score.changed.v1',
  'crm.customer.stage-changed.v1',
  'crm.score.threshold-crossed.v1',
] as const;

const text = (allowed: string, pattern: RegExp) => v.pipe(v.string(allowed), v.regex(pattern, allowed));
const number = (allowed: string, min: number, max: number) =>
  v.pipe(v.number(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
const option = <const T extends readonly (string | number)[]>(options: T) =>
  v.picklist(options, (issue) => oneOf(issue.input, options));

const name = text(
  'a name of a-z, 0-9 and -, up to 40 characters, starting with a letter',
  /^[a-z][a-z0-9-]{0,39}$/,
);
const words = (max: number) =>
  v.pipe(
    v.string(`a text of 1 to ${max} characters`),
    v.minLength(1, `a text of 1 to ${max} characters`),
    v.maxLength(max, `a text of 1 to ${max} characters`),
  );
const days = number('a number of days from 1 to 3650', 1, 3650);
const language = v.pipe(
  v.string('a language tag such as "en"'),
  v.check(isLanguage, 'a language tag such as "en" or "it-CH"'),
);
const currencyCode = v.pipe(
  v.string('a currency of ISO 4217 such as "GBP"'),
  v.check(
    (code) => Intl.supportedValuesOf('currency').includes(code),
    'a currency of ISO 4217 such as "GBP"',
  ),
);
const points = number('a number of points from 0 to 1000', 0, 1000);
const byDirection = v.strictObject({ inbound: points, outbound: points });

const notificationsSchema = v.strictObject({
  /** From whom mail comes; the domain of the address becomes an identity of SES. */
  sender: v.strictObject({
    name: words(64),
    email: v.pipe(v.string('an e-mail address'), v.email('an e-mail address')),
  }),
  /** The sender of an SMS, where a country allows one: 1 to 11 letters and digits. */
  smsSender: v.optional(text('1 to 11 letters and digits', /^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/)),
  rules: v.array(
    v.strictObject({
      name,
      on: option(EVENTS),
      where: v.optional(v.record(v.string(), v.array(v.string('a text'), 'a list of texts'))),
      to: option(['OWNER', 'TEAM', 'CUSTOMER']),
      by: v.pipe(
        v.array(option(['IN_APP', 'EMAIL', 'SMS']), 'a list of IN_APP, EMAIL, SMS'),
        v.minLength(1, 'at least one of IN_APP, EMAIL, SMS'),
      ),
      template: name,
      purpose: v.optional(option(['MARKETING', 'SERVICE'])),
      imported: v.optional(v.boolean('true or false')),
    }),
    'a list of rules',
  ),
  /** By name and language. */
  templates: v.record(
    name,
    v.record(
      language,
      v.strictObject({
        title: words(256),
        text: words(10_000),
        html: v.optional(words(50_000)),
        sms: v.optional(words(480)),
      }),
    ),
  ),
});

const TenantSchema = v.pipe(
  v.strictObject({
    /** The firm's short name: the same as the file's, part of the names of the stacks. */
    tenant: text(
      'a name of a-z, 0-9 and -, 2 to 20 characters, starting with a letter',
      /^[a-z][a-z0-9-]{1,19}$/,
    ),
    /** What the firm is called, as customers know it. */
    title: words(128),
    /** Where the stack stands. */
    region: option(REGIONS),
    /** The AWS account of this tenant; no two tenants share one. */
    account: text('an AWS account id: 12 digits in quotes', /^\d{12}$/),
    /** In production, data outlives its stack and nobody deletes it by accident. */
    environment: option(['development', 'production']),
    /** Who sees each other's customers; each is a group `team-<name>` of the user pool. */
    teams: v.pipe(
      v.array(name, 'a list of team names'),
      v.maxLength(100, 'at most 100 teams'),
      v.check((names) => new Set(names).size === names.length, 'each team once'),
    ),
    /** The zone in which the firm's days and months begin. */
    timeZone: v.pipe(
      v.string('a time zone'),
      v.check(isTimeZone, 'a time zone of the IANA database such as "Europe/Rome"'),
    ),
    /** The language of what is sent where the customer's own is not known or has no template. */
    language,
    /** The user who is invited at the first deployment, and invites the others. */
    firstAdmin: v.pipe(v.string('an e-mail address'), v.email('an e-mail address')),
    /** In which currency sums over all currencies are kept, and what others are worth in it where an order does not say. */
    currency: v.strictObject({
      reporting: currencyCode,
      rates: v.record(
        currencyCode,
        text(
          'a decimal such as "0.85", of what a unit is worth in the reporting currency',
          /^\d{1,9}(\.\d{1,10})?$/,
        ),
      ),
    }),
    /** After how many days without a sale a customer is lapsing, and has lapsed. */
    lifecycle: v.pipe(
      v.strictObject({ lapsingAfterDays: days, lapsedAfterDays: days }),
      v.forward(
        v.partialCheck(
          [['lapsingAfterDays'], ['lapsedAfterDays']],
          ({ lapsingAfterDays, lapsedAfterDays }) => lapsedAfterDays > lapsingAfterDays,
          'more days than lapsingAfterDays',
        ),
        ['lapsedAfterDays'],
      ),
    ),
    /** Engagement at which somebody should look, by name. */
    thresholds: v.record(name, number('a number of points from 0.1 to 1000000', 0.1, 1_000_000)),
    /** Who is told what, and how. */
    notifications: notificationsSchema,
    /** Files of `infra/partners`: firms of the supply chain that get a bus of their own. */
    partners: v.pipe(
      v.array(name, 'a list of names of files in infra/partners'),
      v.maxLength(20, 'at most 20 partners'),
      v.check((names) => new Set(names).size === names.length, 'each partner once'),
    ),
    /** Requests to the API that one address may make in five minutes. */
    requestsPerFiveMinutes: number('a number of requests from 100 to 2000000', 100, 2_000_000),
    /** What a customer's behaviour is worth. */
    engagement: v.strictObject({
      /** Days after which points count half. With fewer than one, the weight of a month, 2^(31/days), is no number to add. */
      halfLifeDays: number('a number of days from 1 to 3650', 1, 3650),
      /** Points of an interaction by channel and direction, and of a sale. */
      points: v.strictObject({
        PHONE: byDirection,
        EMAIL: byDirection,
        LETTER: byDirection,
        SMS: byDirection,
        LIVE_CHAT: byDirection,
        FORUM: byDirection,
        SOCIAL: byDirection,
        WEB: byDirection,
        MAILING: byDirection,
        IN_STORE: byDirection,
        sale: points,
      }),
    }),
    /** How long logs are kept, in days. */
    logRetentionDays: option(RETENTION_DAYS),
    /** Where alarms go. */
    opsEmail: v.pipe(v.string('an e-mail address'), v.email('an e-mail address')),
    /** Whether clients may ask the API for its schema. */
    introspection: v.boolean('true or false'),
  }),
  v.forward(
    v.partialCheck(
      [['environment'], ['introspection']],
      ({ environment, introspection }) => !(environment === 'production' && introspection),
      'false in production',
    ),
    ['introspection'],
  ),
);

/** The validated content of a tenant file. */
export type Tenant = v.InferOutput<typeof TenantSchema>;

/** A tenant that is not there or whose file says something that it cannot mean. The message names the remedy. */
export class TenantError extends Error {
  override name = 'TenantError';
}

/** The tenants that have a file. */
export function tenantNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** Reads and checks the file of a tenant. Throws `TenantError` when there is none or it is wrong. */
export function loadTenant(name: string): Tenant {
  const names = tenantNames();
  if (!names.includes(name)) {
    throw new TenantError(
      `There is no tenant ${JSON.stringify(name)} in infra/tenants. ${oneOf(name, names)}`,
    );
  }
  const path = join(FOLDER, `${name}.json`);
  return parseTenant(relative(join(import.meta.dirname, '..'), path), readFileSync(path, 'utf8'));
}

/** Checks the text of a tenant file. Throws `TenantError` with a line for each fault. */
export function parseTenant(file: string, json: string): Tenant {
  const result = v.safeParse(TenantSchema, readJson(file, json));
  if (!result.success) {
    throw new TenantError(
      result.issues.map((issue) => `${file}: ${describeFault(TenantSchema, issue)}`).join('\n'),
    );
  }
  const expected = basename(file, '.json');
  if (result.output.tenant !== expected) {
    throw new TenantError(
      `${file}: tenant: ${JSON.stringify(result.output.tenant)}. Allowed: "${expected}", as the file is named`,
    );
  }
  return result.output;
}

function readJson(file: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new TenantError(`${file}: not JSON: ${(error as Error).message}`);
  }
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}
