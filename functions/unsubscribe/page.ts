import { createHash } from 'node:crypto';
import { languageOf } from '../../domain/team/language.ts';

/** What a page says. */
export type Said = 'ask' | 'done' | 'invalid' | 'failed';

interface Words extends Readonly<Record<Said, string>> {
  readonly title: string;
  readonly button: string;
}

/** By language; `{firm}` stands for the firm. */
const words: Readonly<Record<string, Words>> = {
  en: {
    title: 'Unsubscribe',
    button: 'Unsubscribe',
    ask: 'Do you want no more offers and news of {firm} by e-mail?',
    done: 'You are unsubscribed: {firm} sends you no more offers and news by e-mail.',
    invalid: 'This link of {firm} is not valid. Open it from the e-mail once more.',
    failed: 'This did not work. Please try again in a minute, or tell {firm}.',
  },
  it: {
    title: 'Annulla l’iscrizione',
    button: 'Annulla l’iscrizione',
    ask: 'Non vuole più ricevere offerte e novità di {firm} per e-mail?',
    done: 'Iscrizione annullata: {firm} non le invierà più offerte e novità per e-mail.',
    invalid: 'Questo collegamento di {firm} non è valido. Lo apra di nuovo dall’e-mail.',
    failed: 'Non ha funzionato. Riprovi tra un minuto, o lo segnali a {firm}.',
  },
  de: {
    title: 'Abmelden',
    button: 'Abmelden',
    ask: 'Möchten Sie keine Angebote und Neuigkeiten von {firm} per E-Mail mehr erhalten?',
    done: 'Sie sind abgemeldet: {firm} sendet Ihnen keine Angebote und Neuigkeiten per E-Mail mehr.',
    invalid: 'Dieser Link von {firm} ist nicht gültig. Öffnen Sie ihn noch einmal aus der E-Mail.',
    failed:
      'Das hat nicht geklappt. Bitte versuchen Sie es in einer Minute noch einmal, oder melden Sie es {firm}.',
  },
};

const style = `body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem}
button{font:inherit;padding:.5rem 1.5rem}`;

/** The page may style itself and send its form back to where it came from, and nothing else. */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page. The address of a page holds its token: nobody keeps it, finds it or is told it. */
export const headers: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

/** Who reads a page, and of whom. */
export interface Reader {
  readonly firm: { readonly title: string; readonly language: string };
  /** Of the customer, where known. */
  readonly language?: string | undefined;
}

/** A page without scripts; only one that asks has a button, which sends what unsubscribes. */
export function pageOf(said: Said, { firm, language }: Reader): string {
  const tag = languageOf(Object.keys(words), language, firm.language) ?? 'en';
  const { title, button, [said]: text = '' } = words[tag] ?? {};
  const form = said === 'ask' ? `<form method="post"><button>${button}</button></form>` : '';
  return `<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title} – ${escaped(firm.title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(firm.title)}</h1>
<p>${text.replaceAll('{firm}', () => escaped(firm.title))}</p>
${form}
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
