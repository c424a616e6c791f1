/**
 * A variable of the function's environment.
 *
 * @throws Error that names the variable when the template did not set it.
 */
export function env(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set: the template must give it`);
  return value;
}
