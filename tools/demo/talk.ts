import type { Channel, Direction } from '../../graphql/generated/types.ts';
import type { Language } from './random.ts';

/** One contact of a conversation; `{product}` stands for a product. */
export interface Saying {
  readonly channel: Channel;
  readonly direction: Direction;
  readonly hoursLater: number;
  readonly subject: Readonly<Record<Language, string>>;
  readonly body?: Readonly<Record<Language, string>>;
}

const say = (
  channel: Channel,
  direction: Direction,
  hoursLater: number,
  subject: readonly [en: string, it: string, de: string],
  body?: readonly [en: string, it: string, de: string],
): Saying => ({
  channel,
  direction,
  hoursLater,
  subject: inLanguages(subject),
  ...(body ? { body: inLanguages(body) } : {}),
});

const inLanguages = ([en, it, de]: readonly [string, string, string]) => ({ en, it, de });

/** What is said between the demo firm and its customers: each conversation in the order of its contacts. */
export const conversations: readonly (readonly Saying[])[] = [
  [
    say(
      'EMAIL',
      'INBOUND',
      0,
      ['Is {product} in stock?', '{product} è disponibile?', 'Ist {product} lieferbar?'],
      [
        'I would like ten of them before the end of the month.',
        'Ne vorrei dieci entro la fine del mese.',
        'Ich hätte gern zehn Stück bis Ende des Monats.',
      ],
    ),
    say(
      'EMAIL',
      'OUTBOUND',
      3,
      ['Re: Is {product} in stock?', 'Re: {product} è disponibile?', 'Re: Ist {product} lieferbar?'],
      [
        'Yes, we have set ten aside for you.',
        'Sì, ne abbiamo messi da parte dieci.',
        'Ja, zehn Stück liegen für Sie bereit.',
      ],
    ),
    say('EMAIL', 'INBOUND', 20, ['Thank you', 'Grazie', 'Vielen Dank']),
  ],
  [
    say(
      'PHONE',
      'INBOUND',
      0,
      ['Asked for a quote', 'Ha chiesto un preventivo', 'Fragte nach einem Angebot'],
      [
        'Wants a price for {product} in larger numbers.',
        'Vuole un prezzo per {product} in quantità.',
        'Möchte einen Preis für größere Mengen von {product}.',
      ],
    ),
    say('PHONE', 'OUTBOUND', 24, ['Gave the quote', 'Preventivo comunicato', 'Angebot genannt']),
  ],
  [
    say('LIVE_CHAT', 'INBOUND', 0, [
      'Where is my order?',
      'Dov’è il mio ordine?',
      'Wo ist meine Bestellung?',
    ]),
    say('LIVE_CHAT', 'OUTBOUND', 0.1, [
      'It left this morning',
      'È partito stamattina',
      'Sie ging heute früh hinaus',
    ]),
  ],
  [say('IN_STORE', 'INBOUND', 0, ['Looked at {product}', 'Ha guardato {product}', 'Sah sich {product} an'])],
  [
    say('WEB', 'INBOUND', 0, [
      'Put {product} on the wish list',
      'Ha messo {product} fra i preferiti',
      'Merkte sich {product}',
    ]),
  ],
  [
    say(
      'LETTER',
      'INBOUND',
      0,
      ['Complaint about packing', 'Reclamo per l’imballaggio', 'Beschwerde über die Verpackung'],
      [
        'Two pieces of {product} arrived chipped.',
        'Due pezzi di {product} sono arrivati scheggiati.',
        'Zwei Stück {product} kamen angeschlagen an.',
      ],
    ),
    say('LETTER', 'OUTBOUND', 72, ['Apology and voucher', 'Scuse e buono', 'Entschuldigung und Gutschein']),
  ],
  [
    say('SMS', 'OUTBOUND', 0, [
      'Your parcel comes today',
      'Il suo pacco arriva oggi',
      'Ihr Paket kommt heute',
    ]),
  ],
  [say('MAILING', 'OUTBOUND', 0, ['Spring catalogue', 'Catalogo di primavera', 'Frühjahrskatalog'])],
  [say('SOCIAL', 'INBOUND', 0, ['Praised {product}', 'Ha elogiato {product}', 'Lobte {product}'])],
  [
    say('FORUM', 'INBOUND', 0, [
      'How do I clean {product}?',
      'Come si pulisce {product}?',
      'Wie reinigt man {product}?',
    ]),
    say('FORUM', 'OUTBOUND', 5, ['With a soft cloth', 'Con un panno morbido', 'Mit einem weichen Tuch']),
  ],
];
