import type { Console } from '../console.ts';
import { alarmActs } from './acts/alarms.ts';
import { auditActs } from './acts/audit.ts';
import { cancelActs } from './acts/cancel-rows.ts';
import { fileActs } from './acts/files.ts';
import { listingActs } from './acts/listings.ts';
import { replayActs } from './acts/replays.ts';
import { rowActs } from './acts/rows.ts';
import { stopActs } from './acts/stops.ts';
import { updateActs } from './acts/updates.ts';
import { openApiRoute } from './described/openapi-route.ts';
import { auditReads } from './reads/audit.ts';
import { doubtReads } from './reads/doubts.ts';
import { fileReads } from './reads/files.ts';
import { leadReads } from './reads/leads.ts';
import { overviewReads } from './reads/overview.ts';
import { partnerReads } from './reads/partners.ts';
import { replayReads } from './reads/replays.ts';
import { reportReads } from './reads/report.ts';
import { rowReads } from './reads/rows.ts';
import { searchReads } from './reads/search.ts';
import type { Route } from './route.ts';

/** All that the API can be asked for, in the order in which it is described. */
export function routesOf(parts: Console): readonly Route[] {
  const routes = [
    overviewReads,
    reportReads,
    alarmActs,
    fileReads,
    fileActs,
    rowReads,
    searchReads,
    cancelActs,
    leadReads,
    doubtReads,
    listingActs,
    rowActs,
    replayReads,
    replayActs,
    partnerReads,
    stopActs,
    auditReads,
    auditActs,
    updateActs,
  ].flatMap((of) => of(parts));
  return [...routes, openApiRoute(routes, parts.settings)];
}
