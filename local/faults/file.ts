import { readFileSync } from 'node:fs';
import { type FaultPlan, FaultPlanError, readFaultPlan } from './plan.ts';

/** Reads the plan in a file. @throws FaultPlanError that names the file */
export function readFaultsFile(file: string): FaultPlan {
  try {
    return readFaultPlan(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof FaultPlanError) throw new FaultPlanError(`${file}: ${error.message}`);
    throw new FaultPlanError(`--faults ${file} cannot be read: ${(error as Error).message}.`);
  }
}
