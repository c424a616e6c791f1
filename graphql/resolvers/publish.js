/** Passes the input on: the answer of this mutation is what subscribers get. */
export function request(ctx) {
  return { payload: ctx.args.input };
}

export function response(ctx) {
  return ctx.result;
}
