/** The command or the file cannot be used as it is. Nothing was sent; the message says what to change. */
export class WrongInput extends Error {
  override readonly name = 'WrongInput';
}
