import type { Soaked } from './soak.ts';

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

const listed = (entries: Iterable<readonly [string, number]>) =>
  [...entries].map(([name, count]) => `${name} ${count}`).join(', ');

/** The figures of a soak, in lines. */
export function figuresOf(soaked: Soaked): string[] {
  const { acknowledged, took, struck, deadLetters, told, mails, partnerEvents } = soaked;
  const { contacts, sales, repeated } = acknowledged;
  const unique = new Set(partnerEvents.map(({ id }) => id)).size;
  return [
    `Acknowledged: ${contacts.size} interactions and ${sales.size} orders in ${seconds(took.acknowledged)}; ${repeated} requests were sent again; the process was killed twice.`,
    `All done after ${seconds(took.done)}.`,
    `Faults: ${listed(struck)}.`,
    `Dead letters, all moved back: ${listed(Object.entries(deadLetters))}.`,
    `Told in the app: ${told.length}; mails: ${mails.length}; partner events: ${partnerEvents.length}, of which ${unique} different ones.`,
  ];
}
