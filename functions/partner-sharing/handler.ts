import { partnerIdOf } from '../../domain/partners/agreement.ts';
import type { ShareableEvent } from '../../domain/partners/shareable.ts';
import { newsHandler } from '../runtime/queue.ts';
import { tenantConfig } from '../runtime/tenant-config.ts';
import { agreementsNotEnded } from '../table/agreements.ts';
import { consentsOf } from '../table/consents.ts';
import { partnerReference, shareIdFor } from '../table/ids.ts';
import { recordShare } from '../table/shares.ts';
import { factsOf } from './facts.ts';
import { busesOf, sendTo } from './send.ts';
import { share, type Tools } from './share.ts';

const buses = busesOf(tenantConfig.partners, partnerIdOf);

const tools: Tools = {
  agreements: async () => (await agreementsNotEnded()).filter(({ partnerId }) => buses.has(partnerId)),
  consents: consentsOf,
  facts: factsOf,
  shareId: shareIdFor,
  references: (partnerId, customerId, subjectId) => ({
    customer: partnerReference(partnerId, customerId),
    subject: partnerReference(partnerId, customerId, subjectId),
  }),
  record: recordShare,
  send: sendTo(buses),
  now: () => new Date().toISOString(),
};

/** Shares events with partners. A replay shares nothing: what it repeats was shared, or was not to be. */
export const handler = newsHandler<ShareableEvent>(
  ({ data }) => data.customerId,
  (events) => share(tools, events),
);
