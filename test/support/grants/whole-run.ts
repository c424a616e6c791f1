import { startCloudInProcess } from '../cloud.ts';
import { checks, evidenceOf } from './checks.ts';
import { reasons } from './reasons.ts';
import { readRecordings } from './recordings.ts';

/** What was decided in all clouds of a test run, held against the grants of the templates: a line for each finding. */
export async function judgeWholeRun(folder: string): Promise<{ passed: number; failures: string[] }> {
  const recordings = readRecordings(folder);
  const cloud = await startCloudInProcess();
  await cloud.stop();
  const evidence = evidenceOf(cloud, recordings.flat(), reasons);
  const broken = checks.map(({ name, broken }) => broken(evidence).map((line) => `${name}: ${line}`));
  const { grants, kinds, used } = evidence;
  console.log(
    `${recordings.length} clouds made ${kinds.length} kinds of calls by ${used.length} of ${grants.all.length} grants`,
  );
  return { passed: broken.filter((lines) => lines.length === 0).length, failures: broken.flat() };
}
