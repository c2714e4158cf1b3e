import { partnerText, type FaultCode, type ResultLanguage } from '../domain/faults.ts';
import { kindOfForeign, type ForeignKind } from '../domain/foreign-format.ts';

/**
 * The text beside a refused file: the code for scripts, then what the partner should do. Ends with a line break. `found`
 * among the values is a foreign format: the advice for it is added.
 */
export function explainFault(
  code: FaultCode,
  language: ResultLanguage,
  values: Readonly<Record<string, string | number>>,
): string {
  const { found } = values;
  const advised = found === undefined ? values : { ...values, advice: advice[kindOfForeign(String(found))][language] };
  // A place that nobody filled says nothing to a partner.
  return `${code}\n${partnerText(code, language, advised).replaceAll(/\{\w+\}/g, '…')}\n`;
}

const advice: Readonly<Record<ForeignKind, Readonly<Record<ResultLanguage, string>>>> = {
  spreadsheet: {
    es: 'Ábralo con la hoja de cálculo, elija «Guardar como», «CSV UTF-8», y envíe ese fichero.',
    en: 'Open it in the spreadsheet, choose "Save as", "CSV UTF-8", and send that file.',
  },
  packed: {
    es: 'Descomprímalo y envíe el CSV que contiene.',
    en: 'Unpack it and send the CSV that is inside.',
  },
  web_page: {
    es: 'Es una página web, quizá un aviso de error o de inicio de sesión del CRM: repita la exportación.',
    en: "It is a web page, perhaps the CRM's error or login page: export again.",
  },
  encrypted: {
    es: 'Está cifrado: envíe el CSV sin cifrar.',
    en: 'It is encrypted: send the CSV unencrypted.',
  },
  other: {
    es: 'Expórtelo como CSV UTF-8.',
    en: 'Export it as CSV UTF-8.',
  },
};
