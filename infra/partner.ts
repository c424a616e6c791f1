/** The partner file: who a firm of the supply chain is, and which AWS account may read its bus. Closed, as a tenant's. */

import { join } from 'node:path';
import * as v from 'valibot';
import { loadFile, namesIn, parseFile } from './config-file.ts';
import { account, name, words } from './file-schema.ts';

const PartnerSchema = v.strictObject({
  /** The partner's short name: the same as the file's, part of the names of its stack, bus and queue. */
  name,
  /** What the firm is called, as users of the API read it. */
  title: words(128),
  /** The partner's own AWS account. */
  account,
});

/** The validated content of a partner file. */
export type Partner = v.InferOutput<typeof PartnerSchema>;

const KIND = {
  key: 'name',
  what: 'partner',
  folder: join(import.meta.dirname, 'partners'),
  schema: PartnerSchema,
};

/** The partners that have a file. */
export const partnerNames = (): string[] => namesIn(KIND.folder);

/** Reads and checks the file of a partner. Throws `ConfigFileError` when there is none or it is wrong. */
export const loadPartner = (name: string): Partner => loadFile(KIND, name);

/** Checks the text of a partner file. Throws `ConfigFileError` with a line for each fault. */
export const parsePartner = (file: string, json: string): Partner => parseFile(KIND, file, json);
