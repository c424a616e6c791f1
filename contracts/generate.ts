import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { breakingChanges, eventTypes, schemaOf } from './schemas.ts';

// Writes the schema of each event beside this file; refuses to change a published one in a way that breaks consumers.
for (const type of eventTypes) {
  const file = new URL(`events/${type}.schema.json`, import.meta.url);
  const schema = schemaOf(type);
  const breaking = existsSync(file) ? breakingChanges(JSON.parse(readFileSync(file, 'utf8')), schema) : [];
  if (breaking.length > 0) {
    console.error(
      `${type} is published: ${breaking.join('; ')}. Leave it and add a new version of the event.`,
    );
    process.exitCode = 1;
  } else {
    writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
  }
}
