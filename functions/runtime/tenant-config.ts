import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngagementPolicy } from '../../domain/insights/engagement.ts';
import type { MessageTemplate, NotificationRule } from '../../domain/team/notification-rule.ts';
import { env } from './env.ts';

/** What functions read of the tenant's file; the infrastructure has validated it. */
export interface TenantConfig {
  /** What the firm is called, as customers know it. */
  readonly title: string;
  /** IANA name of the zone in which the firm's days and months begin. */
  readonly timeZone: string;
  /** BCP 47 tag of the language that is used where a customer's own is not known or has no template. */
  readonly language: string;
  readonly teams: readonly string[];
  readonly engagement: EngagementPolicy;
  readonly lifecycle: {
    /** Days without a sale after which a customer is lapsing. */
    readonly lapsingAfterDays: number;
    /** Days without a sale after which a customer has lapsed; more than the other. */
    readonly lapsedAfterDays: number;
  };
  /** Engagement at which somebody should look, by name. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly currency: {
    /** ISO 4217 code of the currency in which sums over all currencies are kept. */
    readonly reporting: string;
    /** What a unit of another currency is worth in the reporting currency, for orders that bring no rate: decimals. */
    readonly rates: Readonly<Record<string, string>>;
  };
  readonly notifications: {
    /** From whom mail comes; its domain is a verified identity of SES. */
    readonly sender: { readonly name: string; readonly email: string };
    /** The sender of an SMS, as SNS shows it where a country allows. */
    readonly smsSender?: string;
    readonly rules: readonly NotificationRule[];
    /** By name of the template and language. */
    readonly templates: Readonly<Record<string, Readonly<Record<string, MessageTemplate>>>>;
  };
  /** The partners that have a bus of their own, by name. */
  readonly partners: Readonly<Record<string, { readonly title: string; readonly busName: string }>>;
}

/** The tenant's configuration: a file that the infrastructure puts beside the function's code. */
export const tenantConfig = readConfig(
  process.env.TENANT_CONFIG_FILE ?? join(env('LAMBDA_TASK_ROOT'), 'tenant.json'),
);

function readConfig(file: string): TenantConfig {
  const config = JSON.parse(readFileSync(file, 'utf8')) as TenantConfig;
  const { engagement, currency } = config;
  const key = createHash('sha256')
    .update(JSON.stringify([engagement, currency.reporting]))
    .digest('base64url')
    .slice(0, 8);
  return { ...config, engagement: { ...engagement, key } };
}
