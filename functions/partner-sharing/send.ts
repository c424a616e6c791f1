import { putEvents } from '../runtime/put-events.ts';
import type { TenantConfig } from '../runtime/tenant-config.ts';
import type { Tools } from './share.ts';

/** The name of each partner's bus, by the partner's id. */
export function busesOf(
  partners: TenantConfig['partners'],
  idOf: (name: string) => string,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(partners).map(([name, { busName }]) => [idOf(name), busName]));
}

/**
 * Puts events on the buses of their partners.
 *
 * @throws Error when one was not taken, or has no bus; the others may have been.
 */
export const sendTo =
  (buses: ReadonlyMap<string, string>): Tools['send'] =>
  async (events) => {
    const untaken = await putEvents(
      events.map(({ partnerId, event }) => ({
        EventBusName: busOf(partnerId, buses),
        Source: event.source,
        DetailType: event.type,
        Time: new Date(event.time),
        Detail: JSON.stringify(event),
      })),
    );
    const [first] = untaken;
    if (!first) return;
    const { event, partnerId } = events[first.index] ?? {};
    throw new Error(
      `${untaken.length} of ${events.length} events were not taken, first ${event?.id} for ${partnerId}: ${first.reason}`,
    );
  };

function busOf(partnerId: string, buses: ReadonlyMap<string, string>): string {
  const name = buses.get(partnerId);
  if (!name) throw new Error(`The partner ${partnerId} has no bus: name it in the tenant's file`);
  return name;
}
