import { env } from '../runtime/env.ts';

/** The tenant, part of every key even though each tenant has a table of its own. */
export const tenant = env('TENANT');

/** The CRM table. */
export const crmTable = { table: env('TABLE_NAME') };

/** The table of short-lived technical records: no stream, no backup. */
export const technicalTable = { table: process.env.TECHNICAL_TABLE_NAME ?? '' };
