import { type CampaignOutcome, sendAll } from './mail.ts';
import { ofOneCustomer, type Setup } from './setup.ts';
import { type Load, type Outcome, simulate } from './simulation.ts';
import type { Work } from './work.ts';

/** A load on a stack, and what becomes of it. */
export interface Played {
  readonly name: string;
  readonly setup: string;
  readonly outcome: Outcome;
}

const play = (name: string, work: Work, setup: Setup, load: Load): Played => ({
  name,
  setup: setup.name,
  outcome: simulate(work, setup, load),
});

/** A busy ten minutes. */
export function busy(name: string, work: Work, setups: readonly Setup[]): Played[] {
  return setups.map((setup) =>
    play(name, work, setup, { perSecond: setup.assumptions.contactsPerSecond, seconds: 600 }),
  );
}

const KB_OF_A_READ_UNIT = 4;

/**
 * One customer with so many events a second for ten minutes. Scoring counts a day of contacts again from its facts: the
 * more there are, the more each batch reads.
 */
export function oneCustomer(perSecond: number, work: Work, setup: Setup): Played {
  const batch = setup.consumers.scoring?.batchSize ?? 1;
  const { kilobytesOfAContact } = setup.assumptions;
  const dearer = (done: number) => ({
    stage: 'scoring',
    read: (done * kilobytesOfAContact) / KB_OF_A_READ_UNIT / batch,
  });
  return play(`${perSecond.toLocaleString('en-US')} a second`, work, ofOneCustomer(setup), {
    perSecond,
    seconds: 600,
    dearer,
  });
}

/** Rows that an import brings, as fast as its requests are answered. */
export interface Brought {
  readonly name: string;
  readonly work: Work;
  readonly rows: number;
  /** Whether they come into a table that was just made. */
  readonly first: boolean;
}

export function imported({ name, work, rows, first }: Brought, setup: Setup, newTableWrites: number): Played {
  const { importer, rowMilliseconds } = setup.assumptions;
  const perSecond = importer.requestsAtOnce / (rowMilliseconds / 1000);
  return play(name, work, setup, {
    ...{ perSecond, seconds: rows / perSecond, waits: true },
    ...(first && { newTable: { writes: newTableWrites } }),
  });
}

/** A mail to everybody at once. */
export interface Sent {
  readonly mails: number;
  /** Mails a second that SES takes. */
  readonly perSecond: number;
  /** Batches of the consumer at once. */
  readonly concurrency: number;
  readonly triedPerSecond: number;
  readonly outcome: CampaignOutcome;
}

export function campaign(mails: number, perSecond: number, concurrency: number, setup: Setup): Sent {
  const { notification } = setup.consumers;
  const milliseconds = setup.assumptions.batchMilliseconds.notification;
  if (!notification || !milliseconds) throw new Error('No consumer sends mail: the tenant has no rules.');
  const triedPerSecond = (concurrency * notification.batchSize) / (milliseconds / 1000);
  return {
    ...{ mails, perSecond, concurrency, triedPerSecond },
    outcome: sendAll({
      ...{ mails, perSecond, triedPerSecond },
      queue: { ...notification, inFlight: setup.queueInFlight },
    }),
  };
}
