/** An error as a function's caller sees it. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How an invocation ended: with the function's answer as JSON text, with its error, or before it began. */
export type Outcome =
  | { readonly kind: 'success'; readonly text: string }
  | { readonly kind: 'error'; readonly error: FunctionError }
  | { readonly kind: 'throttled' };

export function failed(requestId: string, errorType: string, message: string): Outcome {
  return { kind: 'error', error: { errorType, errorMessage: `RequestId: ${requestId} Error: ${message}` } };
}
