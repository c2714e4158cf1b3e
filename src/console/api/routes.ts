import type { Console } from '../console.ts';
import { openApiRoute } from './described/openapi-route.ts';
import { auditReads } from './reads/audit.ts';
import { doubtReads } from './reads/doubts.ts';
import { fileReads } from './reads/files.ts';
import { leadReads } from './reads/leads.ts';
import { overviewReads } from './reads/overview.ts';
import { partnerReads } from './reads/partners.ts';
import { replayReads } from './reads/replays.ts';
import { rowReads } from './reads/rows.ts';
import { searchReads } from './reads/search.ts';
import type { Route } from './route.ts';

/** All that the API can be asked for, in the order in which it is described. */
export function routesOf(parts: Console): readonly Route[] {
  const routes = [
    ...overviewReads(parts),
    ...fileReads(parts),
    ...rowReads(parts),
    ...searchReads(parts),
    ...leadReads(parts),
    ...doubtReads(parts),
    ...replayReads(parts),
    ...partnerReads(parts),
    ...auditReads(parts),
  ];
  return [...routes, openApiRoute(routes, parts.settings)];
}
