import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { isOfApi, registerApi, sendStrangeHost, sendUnreadable } from './api/register-api.ts';
import { registerAudit } from './audit/audit.ts';
import { createVerifier, type Verifier } from './audit/verification.ts';
import { registerDeliveries } from './deliveries/deliveries.ts';
import { createDoor, type Door } from './door/door.ts';
import { isHttps, isOwnHost } from './door/own-origin.ts';
import { registerDoubts } from './doubts/doubts.ts';
import { registerErasures } from './erasures/erasures.ts';
import { registerFiles } from './files/files.ts';
import { createFrame, type Frame } from './frame/frame.ts';
import { readForms } from './frame/form.ts';
import { httpsHeaders, securityHeaders } from './frame/headers.ts';
import { failedPage, lostPage, strangeHostPage } from './frame/trouble-pages.ts';
import { registerLeads } from './leads/leads.ts';
import { registerLive } from './live/live.ts';
import { registerListings } from './listings/listings.ts';
import { registerHealth } from './machines/health.ts';
import { createMetrics } from './machines/metrics.ts';
import { registerOverview } from './overview/overview.ts';
import { registerPartners } from './partners/partners.ts';
import type { ConsolePorts, ConsoleSettings } from './ports.ts';
import { registerQueues } from './queues/queues.ts';
import { registerReplays } from './replays/replays.ts';
import { registerRows } from './rows/rows.ts';
import { registerSearch } from './search/search.ts';

/** What every part of the console is given. */
export interface Console {
  readonly ports: ConsolePorts;
  readonly settings: ConsoleSettings;
  readonly frame: Frame;
  readonly door: Door;
  /** Of the audit log: one check at a time, whoever asks for it. */
  readonly verifier: Verifier;
}

const registers = [
  registerOverview,
  registerFiles,
  registerRows,
  registerLeads,
  registerDoubts,
  registerListings,
  registerReplays,
  registerPartners,
  registerDeliveries,
  registerSearch,
  registerAudit,
  registerErasures,
  registerQueues,
  registerLive,
];

/** Bodies are forms. */
const mostBytes = 64 * 1024;
/** How long a request may take to arrive: who dribbles it must not hold a connection for ever. A listing is long. */
const headersTimeoutMs = 15_000;
const requestTimeoutMs = 120_000;

/**
 * The console as a server that does not listen yet: pages for people behind the door, health and metrics for machines.
 * Closing it cuts what is under way.
 */
export function createConsole(ports: ConsolePorts, settings: ConsoleSettings): FastifyInstance {
  const frame = createFrame(settings);
  const door = createDoor(ports, { settings, frame });
  const parts: Console = { ports, settings, frame, door, verifier: createVerifier(ports) };
  const metrics = createMetrics(parts);
  const headers = isHttps(settings) ? { ...securityHeaders, ...httpsHeaders } : securityHeaders;
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: mostBytes,
    // An address that is none, before any hook: fastify's own answer repeats it, and it may hold anything.
    frameworkErrors: (_error, request, reply) => {
      reply.headers(headers);
      if (isOfApi(request)) sendUnreadable(reply);
      else void frame.send(reply, failedPage(400, 'address'));
    },
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs },
    // Behind a proxy of this machine the visitor's address is the last that the proxy has not made up.
    trustProxy: settings.url === null ? false : 'loopback',
    ...(settings.tls === null ? {} : { https: { ...settings.tls, minVersion: 'TLSv1.2' as const } }),
  }) as unknown as FastifyInstance;
  readForms(app);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (isOwnHost(request.headers.host, settings)) return undefined;
    return isOfApi(request) ? sendStrangeHost(reply) : frame.send(reply, strangeHostPage());
  });
  app.addHook('onResponse', async (request, reply) => metrics.served(request, reply));
  app.addHook('onClose', () => parts.verifier.idle());
  app.setNotFoundHandler(async (_request, reply) => frame.send(reply, lostPage()));
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const status = error.statusCode ?? 500;
    const code = typeof error.code === 'string' ? error.code : error.name;
    // What the database says may hold values of rows: its code is told, and nothing else.
    if (status >= 500) ports.log.event('pageFailed', { route: request.routeOptions.url ?? 'none', code });
    return frame.send(reply, failedPage(status, code));
  });

  frame.register(app);
  registerHealth(app, parts);
  door.register(app);
  app.register(async (machines) => {
    machines.addHook('onRequest', (request, reply) => door.gateOfMachines(request, reply));
    metrics.register(machines);
  });
  app.register(async (api) => registerApi(api, parts), { prefix: '/api' });
  app.register(async (pages) => {
    pages.addHook('onRequest', (request, reply) => door.gate(request, reply));
    for (const register of registers) register(pages, parts);
  });
  return app;
}
