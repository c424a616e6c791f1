import { badRequest } from './errors.ts';

/** Somebody's address, with the name that stands before it. */
export interface Mailbox {
  /** As it was given: `Ann <ann@x.example>`. */
  readonly text: string;
  readonly address: string;
  readonly domain: string;
}

const named = /^\s*(?:"(?:[^"\\]|\\.)*"|[^<>"]*)\s*<([^<>]+)>\s*$/;

function problemOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at === -1) return "Missing final '@domain'";
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  if (local === '') return 'Missing local name';
  if (domain === '') return 'Missing domain';
  if (/[\p{Cc}\s]/u.test(local)) return 'Local address contains control or whitespace';
  if (/[^\x21-\x7e]/.test(local)) return 'Local address contains non-ASCII characters';
  if (/[()<>,;:\\"[\]@]/.test(local)) return 'Local address contains illegal character';
  if (/^\.|\.\.|\.$/.test(local)) return 'Local address contains dot-dot';
  if (/[\p{Cc}\s]/u.test(domain)) return 'Domain contains control or whitespace';
  if (/[^A-Za-z0-9.-]/.test(domain)) return 'Domain contains illegal character';
  if (/^\.|\.\.|\.$/.test(domain)) return 'Domain contains dot-dot';
  return domain.includes('.') ? undefined : 'Domain has no top-level domain';
}

/**
 * Reads `ann@x.example` or `Ann <ann@x.example>`: local parts are 7-bit ASCII, other domains Punycode
 * (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html).
 *
 * @throws {AwsError} `BadRequestException` with what is wrong about it.
 */
export function mailboxOf(text: string): Mailbox {
  const address = (named.exec(text)?.[1] ?? text).trim();
  const problem = problemOf(address);
  if (problem !== undefined) throw badRequest(problem);
  return { text: text.trim(), address, domain: address.slice(address.lastIndexOf('@') + 1).toLowerCase() };
}

/** The mailboxes of a header such as `To`; commas inside quotes part nothing. */
export function mailboxesOf(header: string): Mailbox[] {
  const parts = header.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  return parts.filter((part) => part.trim() !== '').map(mailboxOf);
}

/** What becomes of a mail at its recipient. */
export type Fate = 'delivered' | 'bounced' | 'complained' | 'suppressed';

const SIMULATOR = 'simulator.amazonses.com';

/** Local names of the mailbox simulator: https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator */
const simulated: Readonly<Record<string, Fate>> = {
  bounce: 'bounced',
  complaint: 'complained',
  suppressionlist: 'suppressed',
};

/** Domains that decide here, where no mail really leaves. */
const domains: Readonly<Record<string, Fate>> = {
  'bounce.example': 'bounced',
  'complaint.example': 'complained',
};

/** The address decides, as those of the mailbox simulator do, with labels (`bounce+1@…`) too; all others are delivered. */
export function fateOf({ address, domain }: Mailbox): Fate {
  if (domain !== SIMULATOR) return domains[domain] ?? 'delivered';
  const name = address.slice(0, address.lastIndexOf('@')).split('+')[0]?.toLowerCase() ?? '';
  return Object.hasOwn(simulated, name) ? (simulated[name] as Fate) : 'delivered';
}

/** Whether the mailbox simulator answers, whose bounces put nobody on the suppression list. */
export function isSimulated({ domain }: Mailbox): boolean {
  return domain === SIMULATOR;
}
