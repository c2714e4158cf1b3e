import type { RequestFields } from '../../app/ports/requests.ts';
import type { LeadsContract } from '../../contract/leads-contract.ts';
import { writePhone, type PhoneFormat } from '../../domain/phone.ts';

export interface RequestFieldsOptions {
  readonly contract: Pick<LeadsContract, 'toRequest'>;
  /** Defaults to national. */
  readonly phoneFormat?: PhoneFormat;
}

/** The fields of the requests that this deployment is sent; the client sends these, and people are shown them masked. */
export function createRequestFields({ contract, phoneFormat = 'national' }: RequestFieldsOptions): RequestFields {
  const { toRequest } = contract;
  return {
    clientData: (nif) => toRequest.clientData(nif),
    altaLead: ({ phone, ...lead }) =>
      toRequest.altaLead(phone === undefined ? lead : { ...lead, phone: writePhone(phone, phoneFormat) }),
    updateLead: (update) => toRequest.updateLead(update),
  };
}
