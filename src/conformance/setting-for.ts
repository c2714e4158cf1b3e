import type { Endpoint } from '../domain/call-outcome.ts';
import type { Exchange } from './exchange.ts';

export const pathVariable: Readonly<Record<Endpoint, string>> = {
  clientData: 'LEADS_API_CLIENT_DATA',
  altaLead: 'LEADS_API_ALTA_LEAD',
  updateLead: 'LEADS_API_UPDATE_LEAD',
};

/** What to set after a call that should have been answered and was not. */
export function settingFor({ endpoint, outcome, httpStatus, failure }: Exchange): string {
  if (httpStatus === 415) return 'LEADS_API_BODY: json or form, whichever it is not now';
  switch (outcome.kind) {
    case 'halted':
      return settingForHalt(outcome.code, endpoint);
    case 'try_later':
      return 'LEADS_API_RATE_PER_SECOND: fewer calls a second';
    case 'not_sent':
      return 'LEADS_API_URL, or the network between here and there';
    case 'inconclusive':
      return outcome.code === 'API_KO'
        ? 'nothing here: ask the API team what the KO is about'
        : 'nothing here: leadsync needs status OK, partnerManage and client; ask the API team';
    default:
      break;
  }
  if (failure === 'TimeoutError') return 'LEADS_API_TIMEOUT_MS: longer, if the API is only slow';
  if (failure !== null) return 'LEADS_API_URL; LEADS_API_TLS_CERT and _KEY, if the API asks for a certificate of ours';
  return `${pathVariable[endpoint]} and LEADS_API_BODY, if another path or form is meant; else ask the API team`;
}

function settingForHalt(code: string, endpoint: Endpoint): string {
  if (code === 'API_HALTED_PATH') return `${pathVariable[endpoint]}: method and path; LEADS_API_URL: a path before it`;
  if (code === 'API_HALTED_REDIRECT') return 'LEADS_API_URL: the address that it redirects to';
  if (code === 'API_HALTED_CERTIFICATE')
    return 'LEADS_API_TLS_CA; LEADS_API_TLS_CERT and _KEY, if the API asks for a certificate of ours';
  return 'LEADS_API_AUTH with its credentials; LEADS_API_HEADERS, where the deployment wants a header more';
}
