/** A function as a template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The folder of the bundle. */
  readonly assetDir: string;
  /** `<file without extension>.<export>`. */
  readonly handler: string;
  readonly env: Readonly<Record<string, string>>;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** The most environments that may run at once; 0 switches the function off. */
  readonly reservedConcurrency?: number;
  /** The queue that gets asynchronous events which the function failed. */
  readonly deadLetterArn?: string;
}
