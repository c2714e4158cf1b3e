import { bodySchemas } from './body-schema.ts';
import { describedEndpoints } from './described-endpoints.ts';
import type { DescribedEndpoint } from './described-endpoints.ts';
import { errorAnswers, errorSchemas } from './error-answers.ts';
import { exampleAnswers } from './example-answers.ts';
import type { Example } from './example-answers.ts';
import { exampleBodies } from './example-bodies.ts';
import { securityScheme } from './security-scheme.ts';
import type { Facts } from './facts.ts';

type Described = Omit<Facts, 'baseUrl' | 'pagesNeedLogin'>;

/**
 * The three endpoints as an OpenAPI 3.1 document. Fields, limits and closed lists come from the schemas that the
 * sandbox itself checks with, so that the document can't promise anything else.
 */
export function openApiOf(facts: Described): object {
  const { contract } = facts;
  const security = securityScheme(facts);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leads Contract API',
      version: contract.version,
      summary: "leadsync's own sandbox of it",
      description:
        'Used by an external provider (the partner) to register and manage potential clients, and queries of current clients about products and policies. The insurer sees them in the Ficha Gestión. This is a sandbox: it holds synthetic people only, and its answers are marked `X-Leads-Sandbox`. Guide and tutorial: `/docs`.',
    },
    servers: [{ url: '/', description: 'This sandbox' }],
    ...(security === null ? { security: [] } : { security: [{ [security.name]: [] }] }),
    paths: Object.fromEntries(
      describedEndpoints.map((endpoint) => [endpoint.path, { post: operation(facts, endpoint) }]),
    ),
    components: {
      schemas: { ...bodySchemas(contract), ...errorSchemas },
      parameters: { XRequestId: requestId, IdempotencyKey: idempotencyKey },
      headers: { XLeadsSandbox: sandboxHeader },
      ...(security === null ? {} : { securitySchemes: { [security.name]: security.scheme } }),
    },
  };
}

function operation({ contract, authentication, requiredScopes }: Described, endpoint: DescribedEndpoint): object {
  const scope = requiredScopes[endpoint.key];
  const content = {
    schema: schemaRef(endpoint.request),
    example: exampleBodies(contract)[endpoint.key],
  };
  return {
    operationId: endpoint.key,
    summary: endpoint.summary,
    description: endpoint.description,
    ...(scope === undefined ? {} : { security: [{ oauth2: [scope] }] }),
    parameters: [
      { $ref: '#/components/parameters/XRequestId' },
      ...(endpoint.key === 'altaLead' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': content, 'application/x-www-form-urlencoded': content },
    },
    responses: {
      200: {
        description: 'Done, or KO: an incident that is told with status 200, after which nothing was done.',
        headers: { 'X-Leads-Sandbox': { $ref: '#/components/headers/XLeadsSandbox' } },
        content: {
          'application/json': {
            schema: successSchema(endpoint),
            examples: exampleAnswers(contract)[endpoint.key] satisfies Readonly<Record<string, Example>>,
          },
        },
      },
      ...errorAnswers(endpoint, authentication),
    },
  };
}

/** Client data documents `status`, and so its KO. The others don't. */
function successSchema({ key, response }: DescribedEndpoint): object {
  return key === 'clientData' ? schemaRef(response) : { anyOf: [schemaRef(response), schemaRef('Ko')] };
}

function schemaRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

const requestId = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description: "The caller's own id of this request; kept beside the lead or update that it made.",
  schema: { type: 'string' },
  example: 'a-2f1c7e',
};

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Kept beside the lead and nothing more: a request that is repeated with the same key creates one more lead.',
  schema: { type: 'string' },
  example: 'ls-4711',
};

const sandboxHeader = {
  description: 'Marks every answer of a sandbox, so that nobody takes it for production.',
  schema: { type: 'string', const: '1' },
};
