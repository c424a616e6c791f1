import { loadPartner } from './partner.ts';
import type { Tenant } from './tenant.ts';

/** What functions read of the tenant's file: it is put beside their code, since variables have room for 4 KB only. */
export function configOf(tenant: Tenant): object {
  const { title, timeZone, language, teams, engagement, lifecycle, thresholds, currency, notifications } =
    tenant;
  const partners = Object.fromEntries(
    tenant.partners.map((name) => [
      name,
      { title: loadPartner(name).title, busName: partnerBusName(tenant, name) },
    ]),
  );
  return {
    title,
    timeZone,
    language,
    teams,
    engagement,
    lifecycle,
    thresholds,
    currency,
    notifications,
    partners,
  };
}

/** The name of a partner's bus in the tenant's account. */
export const partnerBusName = ({ tenant }: Tenant, partner: string): string =>
  `fidelia-${tenant}-partner-${partner}`;
