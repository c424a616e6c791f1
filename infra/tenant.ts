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

const text = (allowed: string, pattern: RegExp) => v.pipe(v.string(allowed), v.regex(pattern, allowed));
const number = (allowed: string, min: number, max: number) =>
  v.pipe(v.number(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
const option = <const T extends readonly (string | number)[]>(options: T) =>
  v.picklist(options, (issue) => oneOf(issue.input, options));

const teamName = text(
  'a name of a-z, 0-9 and -, up to 40 characters, starting with a letter',
  /^[a-z][a-z0-9-]{0,39}$/,
);
const points = number('a number of points from 0 to 1000', 0, 1000);
const byDirection = v.strictObject({ inbound: points, outbound: points });

const TenantSchema = v.pipe(
  v.strictObject({
    /** The firm's short name: the same as the file's, part of the names of the stacks. */
    tenant: text(
      'a name of a-z, 0-9 and -, 2 to 20 characters, starting with a letter',
      /^[a-z][a-z0-9-]{1,19}$/,
    ),
    /** Where the stack stands. */
    region: option(REGIONS),
    /** The AWS account of this tenant; no two tenants share one. */
    account: text('an AWS account id: 12 digits in quotes', /^\d{12}$/),
    /** In production, data outlives its stack and nobody deletes it by accident. */
    environment: option(['development', 'production']),
    /** Who sees each other's customers; each is a group `team-<name>` of the user pool. */
    teams: v.pipe(
      v.array(teamName, 'a list of team names'),
      v.maxLength(100, 'at most 100 teams'),
      v.check((names) => new Set(names).size === names.length, 'each team once'),
    ),
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
