/** The tenant file: everything in which the stack of one firm differs from another's. Closed, so a typo is an error. */

import { join } from 'node:path';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import * as v from 'valibot';
import { loadFile, namesIn, parseFile } from './config-file.ts';
import { oneOf } from './file-faults.ts';
import {
  account,
  currencyCode,
  email,
  language,
  line,
  name,
  number,
  option,
  text,
  timeZone,
} from './file-schema.ts';
import { functionNames } from './function-names.ts';
import { notificationsSchema } from './notifications-file.ts';
import { partnerNames } from './partner.ts';

/** What CloudWatch Logs takes as a retention, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const REGIONS = RegionInfo.regions
  .filter((region) => region.partition === 'aws')
  .map((region) => region.name);

const days = number('a number of days from 1 to 3650', 1, 3650);
const points = number('a number of points from 0 to 1000', 0, 1000);
const byDirection = v.strictObject({ inbound: points, outbound: points });

/** Two at least: so few batches of a queue Lambda takes at once, and no fewer. */
const executions = v.pipe(
  number('a whole number of executions from 2 to 1000', 2, 1000),
  v.integer('a whole number of executions from 2 to 1000'),
);

const PARTNERS = partnerNames();
const partner = v.picklist(
  PARTNERS,
  ({ input }) => `There is no file infra/partners/${input}.json. ${oneOf(input, PARTNERS)}`,
);

const TenantSchema = v.pipe(
  v.strictObject({
    /** The firm's short name: the same as the file's, part of the names of the stacks. */
    tenant: text(
      'a name of a-z, 0-9 and -, 2 to 20 characters, starting with a letter',
      /^[a-z][a-z0-9-]{1,19}$/,
    ),
    /** What the firm is called, as customers know it. */
    title: line(128),
    /** Where the stack stands. */
    region: option(REGIONS),
    /** The AWS account of this tenant; no two tenants share one. */
    account,
    /** In production, data outlives its stack and nobody deletes it by accident. */
    environment: option(['development', 'production']),
    /** Who sees each other's customers; each is a group `team-<name>` of the user pool. */
    teams: v.pipe(
      v.array(name, 'a list of team names'),
      v.maxLength(100, 'at most 100 teams'),
      v.check((names) => new Set(names).size === names.length, 'each team once'),
    ),
    /** The zone in which the firm's days and months begin. */
    timeZone,
    /** The language of what is sent where the customer's own is not known or has no template. */
    language,
    /** The user who is invited at the first deployment, and invites the others. */
    firstAdmin: email,
    /** In which currency sums over all currencies are kept, and what others are worth in it where an order does not say. */
    currency: v.pipe(
      v.strictObject({
        reporting: currencyCode,
        rates: v.record(
          currencyCode,
          text(
            'a decimal above zero such as "0.85", of what a unit is worth in the reporting currency',
            /^(?=.*[1-9])\d{1,9}(\.\d{1,10})?$/,
          ),
        ),
      }),
      v.forward(
        v.partialCheck(
          [['reporting'], ['rates']],
          ({ reporting, rates }) => !Object.hasOwn(rates, reporting),
          'rates of other currencies than the reporting one',
        ),
        ['rates'],
      ),
    ),
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
      v.array(partner, 'a list of names of files in infra/partners'),
      v.maxLength(20, 'at most 20 partners'),
      v.check((names) => new Set(names).size === names.length, 'each partner once'),
    ),
    /** Requests to the API that one address may make in five minutes; what is signed with AWS credentials is not counted. */
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
    /**
     * How many executions a function has for itself, and may have at once, by its name. What is reserved here is missing
     * to all others of the account. @default none is reserved
     */
    concurrency: v.optional(
      v.strictObject(Object.fromEntries(functionNames.map((name) => [name, v.optional(executions)]))),
    ),
    /**
     * The table of customers that is used in place of the stack's own, after a restore (docs/operations.md, "Restore").
     * @default the stack's own
     */
    restoredTable: v.optional(
      v.strictObject({
        name: text('the name of a table', /^[\w.-]{3,255}$/),
        streamArn: text(
          'the ARN of its stream, with new and old images',
          /^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/,
        ),
      }),
    ),
    /** How long logs are kept, in days. */
    logRetentionDays: option(RETENTION_DAYS),
    /** Where alarms go. */
    opsEmail: email,
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

const KIND = {
  what: 'tenant',
  key: 'tenant',
  folder: join(import.meta.dirname, 'tenants'),
  schema: TenantSchema,
};

/** The tenants that have a file. */
export const tenantNames = (): string[] => namesIn(KIND.folder);

/** Reads and checks the file of a tenant. Throws `ConfigFileError` when there is none or it is wrong. */
export const loadTenant = (name: string): Tenant => loadFile(KIND, name);

/** Checks the text of a tenant file. Throws `ConfigFileError` with a line for each fault. */
export const parseTenant = (file: string, json: string): Tenant => parseFile(KIND, file, json);
