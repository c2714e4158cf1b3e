import { partnerText, type FaultCode, type ResultLanguage } from '../domain/faults.ts';

/** The text beside a refused file: the code for scripts, then what the partner should do. Ends with a line break. */
export function explainFault(
  code: FaultCode,
  language: ResultLanguage,
  values: Readonly<Record<string, string | number>>,
): string {
  return `${code}\n${partnerText(code, language, values)}\n`;
}
