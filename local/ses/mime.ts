/** A header of a mail, decoded. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** What a raw mail says; attachments are left out. */
export interface ParsedMail {
  readonly headers: readonly Header[];
  readonly text: string | null;
  readonly html: string | null;
}

interface Part {
  readonly headers: readonly Header[];
  /** One character a byte. */
  readonly body: string;
}

function bytesOf(binary: string): Buffer {
  return Buffer.from(binary, 'latin1');
}

function decoded(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset that nobody knows.
    return bytes.toString('utf8');
  }
}

function unquoted(text: string): string {
  return text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Encoded words (RFC 2047): `=?utf-8?B?…?=`, with no space between those that follow each other. */
function decodedWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(=\?)/g, '$1$2');
  return joined.replace(
    /=\?([^?*]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g,
    (_, charset: string, encoding: string, content: string) =>
      decoded(
        encoding.toUpperCase() === 'B'
          ? Buffer.from(content, 'base64')
          : bytesOf(unquoted(content.replaceAll('_', ' '))),
        charset,
      ),
  );
}

function partOf(binary: string): Part {
  const end = /\r?\n\r?\n/.exec(binary);
  const head = end ? binary.slice(0, end.index) : binary;
  const headers = head
    .replace(/\r?\n[ \t]+/g, ' ')
    .split(/\r?\n/)
    .flatMap((line): Header[] => {
      const colon = line.indexOf(':');
      if (colon <= 0) return [];
      const value = bytesOf(line.slice(colon + 1).trim()).toString('utf8');
      return [{ name: line.slice(0, colon), value: decodedWords(value) }];
    });
  return { headers, body: end ? binary.slice(end.index + end[0].length) : '' };
}

/** The value of the first header of this name, in whatever case. */
export function headerOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name.toLowerCase())?.value;
}

function parameterOf(header: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
}

function contentOf({ headers, body }: Part, type: string): string {
  const charset = parameterOf(type, 'charset') ?? 'utf-8';
  const encoding = headerOf(headers, 'content-transfer-encoding')?.trim().toLowerCase();
  if (encoding === 'base64') return decoded(Buffer.from(body, 'base64'), charset);
  if (encoding === 'quoted-printable') {
    return decoded(bytesOf(unquoted(body.replace(/=[ \t]*\r?\n/g, ''))), charset);
  }
  return decoded(bytesOf(body), charset);
}

function innerParts(body: string, boundary: string): Part[] {
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => partOf(piece.replace(/^[ \t]*\r?\n/, '').replace(/\r$/, '')));
}

/** The first text of each kind, of a part and those within it. */
function textsOf(part: Part): Pick<ParsedMail, 'text' | 'html'> {
  const type = headerOf(part.headers, 'content-type') ?? 'text/plain';
  const kind = type.split(';')[0]?.trim().toLowerCase() ?? '';
  const boundary = parameterOf(type, 'boundary');
  if (kind.startsWith('multipart/') && boundary !== undefined) {
    const inner = innerParts(part.body, boundary).map(textsOf);
    const first = (name: 'text' | 'html') => inner.find((texts) => texts[name] !== null)?.[name] ?? null;
    return { text: first('text'), html: first('html') };
  }
  const attached = headerOf(part.headers, 'content-disposition')
    ?.trim()
    .toLowerCase()
    .startsWith('attachment');
  return {
    text: kind === 'text/plain' && !attached ? contentOf(part, type) : null,
    html: kind === 'text/html' && !attached ? contentOf(part, type) : null,
  };
}

/** Reads a mail in MIME: its headers, and the first text and HTML that are no attachments. */
export function parseMail(raw: Buffer): ParsedMail {
  const whole = partOf(raw.toString('latin1'));
  return { headers: whole.headers, ...textsOf(whole) };
}
