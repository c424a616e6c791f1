/** Something that must be in the account, beside what the stacks make. */
export interface Requirement {
  readonly title: string;
  /** What of it the stacks need, and why. */
  readonly needs: string;
  /** The command of the AWS CLI that shows it: its words after `aws`, answering JSON. */
  readonly see: readonly string[];
  /** What to run, or to ask AWS for, when it is not there. */
  readonly get: string;
  /** Whether nothing can be deployed without it. */
  readonly blocking: boolean;
  /** What the answer of `see` means. */
  readonly judge: (answer: unknown) => Judgement;
}

/** Whether something is there, and what of it. */
export interface Judgement {
  readonly there: boolean;
  readonly says: string;
}

/** What is known of a requirement: `unknown` when nobody could look. */
export interface Finding {
  readonly requirement: Requirement;
  readonly state: 'ok' | 'missing' | 'unknown';
  readonly says: string;
}

/** A command as a shell takes it. */
export const commandLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
