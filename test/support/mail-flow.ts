import type { Created } from './api.ts';
import type { Aws } from './aws.ts';
import { startSenders } from './senders.ts';

/** The way of a mail for marketing through the functions of the demo firm, step by step; after `startApi`. */
export async function startMailFlow(aws: Aws, customer: Created) {
  const senders = await startSenders([{ sub: 'nora', username: 'nora', email: 'nora@demo.example' }]);
  Object.assign(process.env, senders.environment);
  const notification = (await import('../../functions/notification/handler.ts')).handler;
  const mailEvents = (await import('../../functions/mail-events/handler.ts')).handler;
  const unsubscribe = (await import('../../functions/unsubscribe/handler.ts')).handler;
  const { addConsent } = await import('../../functions/table/consents.ts');
  const { consentIdFor } = await import('../../functions/table/ids.ts');
  const { recordConsent } = await import('../../domain/customers/consent.ts');
  const at = '2026-01-01T00:00:00.000Z';
  const customerId = customer.id;

  const records = (body: object) => ({ Records: [{ messageId: '1', body: JSON.stringify(body) }] }) as never;
  const event = (type: string, data: object) => ({
    detail: { id: `evt_${type}`, type, time: at, subject: customerId, actor: 'usr_ned', data },
  });
  /** The latest mail to the customer. */
  const mail = () => {
    const item = aws.items().find(({ pk, sk }) => {
      return pk?.S?.endsWith(customerId) && sk?.S?.startsWith('message#');
    });
    return { id: item?.id?.S ?? '', token: item?.token?.S ?? '' };
  };

  return {
    senders,
    mail,
    consent: async () => {
      const cause = { id: 'chg_1', at, actor: 'usr_nora', reason: 'test', correlationId: 'req_1' };
      const id = consentIdFor(customerId, at, { caller: 'usr_nora' });
      const granted = { customerId, purpose: 'MARKETING', state: 'GRANTED', statedAt: at } as const;
      const { consent, change } = recordConsent(id, granted, cause);
      await addConsent(consent, change, 'once');
    },
    /** Tells the owner of a contact, in the app and by mail. */
    tellOwner: () =>
      notification(records(event('crm.interaction.logged.v1', { customerId, direction: 'INBOUND' }))),
    /** Tells the owner in the app alone. */
    tellOwnerInApp: () =>
      notification(records(event('crm.customer.stage-changed.v1', { customerId, stage: 'LAPSING' }))),
    /** Tells the customer's team in the app. */
    tellTeam: () =>
      notification(records(event('crm.score.threshold-crossed.v1', { customerId, to: 'ABOVE' }))),
    /** Tells the customer by mail. */
    tellCustomer: () =>
      notification(records(event('crm.customer.stage-changed.v1', { customerId, stage: 'LAPSED' }))),
    report: (eventType: 'Delivery' | 'Complaint') => {
      const part = eventType === 'Delivery' ? 'delivery' : 'complaint';
      const sent = { timestamp: at, tags: { message: [mail().id] } };
      const detail = { eventType, mail: sent, [part]: { timestamp: at } };
      return mailEvents(records({ source: 'aws.ses', detail }));
    },
    unsubscribe: () => {
      const { id, token } = mail();
      const path = `/${id}/${token}`;
      return unsubscribe({ rawPath: path, requestContext: { http: { method: 'POST', path } } } as never);
    },
  };
}
