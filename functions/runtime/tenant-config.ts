import type { EngagementPolicy } from '../../domain/insights/engagement.ts';
import { env } from './env.ts';

/** What functions read of the tenant's file; the infrastructure has validated it. */
export interface TenantConfig {
  readonly timeZone: string;
  readonly engagement: EngagementPolicy;
}

/** The tenant's configuration. */
export const tenantConfig = JSON.parse(env('TENANT_CONFIG')) as TenantConfig;
