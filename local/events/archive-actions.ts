import { AwsError } from '../aws.ts';
import type { Archive, Archives } from './archive.ts';
import { type Entry, notFound, requiredString } from './input.ts';

export interface ArchiveActionsOptions {
  readonly archives: Archives;
  readonly archiveArn: (name: string) => string;
  readonly busArn: (name: string) => string;
}

/** The actions on archives, by name. */
export function archiveActions({
  archives,
  archiveArn,
  busArn,
}: ArchiveActionsOptions): Record<string, (input: Entry) => object> {
  function shortOf(archive: Archive): Record<string, unknown> {
    const { events, bytes } = archives.counts(archive);
    return {
      ArchiveName: archive.name,
      EventSourceArn: busArn(archive.busName),
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      EventCount: events,
      SizeBytes: bytes,
      CreationTime: archive.createdAt / 1000,
    };
  }

  return {
    DescribeArchive(input) {
      const name = requiredString(input, 'ArchiveName');
      const archive = archives.byName(name);
      if (!archive) throw notFound(`Archive ${name} does not exist.`);
      return {
        ArchiveArn: archiveArn(name),
        ...(archive.description !== undefined && { Description: archive.description }),
        ...(archive.pattern !== undefined && { EventPattern: archive.pattern }),
        ...shortOf(archive),
      };
    },
    ListArchives: (input) => ({ Archives: filtered(input, 'ArchiveName', archives.all().map(shortOf)) }),
  };
}

/** Those that the one filter of a list request leaves. @throws AwsError `ValidationException` for several filters */
export function filtered<T extends Readonly<Record<string, unknown>>>(
  input: Entry,
  nameMember: string,
  all: readonly T[],
): T[] {
  const given = ['State', 'EventSourceArn', 'NamePrefix'].filter((filter) => input[filter] !== undefined);
  if (given.length > 1) {
    throw new AwsError(
      'ValidationException',
      `At most one filter is allowed, and there are ${given.join(' and ')}: use State, EventSourceArn or NamePrefix.`,
    );
  }
  const [filter] = given;
  if (filter === undefined) return [...all];
  const wanted = String(input[filter]);
  return all.filter((one) =>
    filter === 'NamePrefix' ? String(one[nameMember]).startsWith(wanted) : one[filter] === wanted,
  );
}
