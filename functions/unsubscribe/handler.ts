import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { freshId } from '../runtime/ids.ts';
import { tenantConfig } from '../runtime/tenant-config.ts';
import { getCustomer } from '../table/customers.ts';
import { getMessage } from '../table/messages.ts';
import { withdrawMarketingMail } from '../table/withdrawals.ts';
import { answer, type Tools } from './unsubscribe.ts';

const tools: Tools = {
  firm: tenantConfig,
  message: getMessage,
  customer: getCustomer,
  withdraw: (customerId, proof, now) =>
    withdrawMarketingMail(
      { customerId, proof, statedAt: now },
      { id: freshId(), at: now, actor: 'fn_unsubscribe', reason: 'unsubscribe', correlationId: proof },
    ),
  now: () => new Date().toISOString(),
};

export const handler = (event: LambdaFunctionURLEvent) => answer(tools, event);
