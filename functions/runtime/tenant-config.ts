import { createHash } from 'node:crypto';
import type { EngagementPolicy } from '../../domain/insights/engagement.ts';
import { env } from './env.ts';

/** What functions read of the tenant's file; the infrastructure has validated it. */
export interface TenantConfig {
  readonly engagement: EngagementPolicy;
}

/** The tenant's configuration. */
export const tenantConfig = readConfig(env('TENANT_CONFIG'));

function readConfig(json: string): TenantConfig {
  const config = JSON.parse(json) as TenantConfig;
  const key = createHash('sha256').update(JSON.stringify(config.engagement)).digest('base64url').slice(0, 8);
  return { ...config, engagement: { ...config.engagement, key } };
}
