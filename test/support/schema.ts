import { globSync, readFileSync } from 'node:fs';
import { buildSchema } from 'graphql';

const files = ['graphql/appsync.graphql', ...globSync('graphql/schema/*.graphql')];

/** The public contract, with what AppSync adds to it. */
export const schema = buildSchema(files.map((file) => readFileSync(file, 'utf8')).join('\n'));
