import { join } from 'node:path';
import { NotReady } from './account.ts';
import { help, readOptions, UsageError } from './args.ts';
import { deploy, ROOT } from './deploy.ts';
import { runProgram } from './run.ts';

try {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    console.log(help);
  } else {
    process.exitCode = await deploy(options, {
      run: runProgram,
      env: process.env,
      // Where npm start has it, too.
      folderOf: (tenant) => join(ROOT, '.local', tenant, 'cdk.out'),
      say: console.log,
    });
  }
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error(`\n${help}`);
  process.exitCode = error instanceof UsageError || error instanceof NotReady ? 2 : 1;
}
