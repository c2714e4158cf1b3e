import type { Console } from '../../console.ts';
import { readFile } from '../../files/read-file.ts';
import { readFiles } from '../../files/read-files.ts';
import { fileLife, filePage } from '../contract/file.ts';
import { fileQuery } from '../contract/query.ts';
import { given } from '../query-faults.ts';
import { refuse } from '../refusal.ts';
import { defineRoute, done, type Route } from '../route.ts';
import { shownFile } from '../shown-file.ts';

export function fileReads({ ports }: Console): readonly Route[] {
  const of = { area: 'files', method: 'GET', needs: 'viewer' } as const;
  return [
    defineRoute(
      {
        ...of,
        path: '/files',
        id: 'listFiles',
        says: 'What arrived, newest first.',
        query: fileQuery,
        answer: filePage,
      },
      async ({ query }) => {
        const { files, next } = await readFiles(ports, given(query), query.limit);
        return done({ files: files.map(shownFile), next });
      },
    ),
    defineRoute(
      {
        ...of,
        path: '/files/{file}',
        id: 'readFile',
        says: 'One file, with its rows by state and what happened to it.',
        answer: fileLife,
        refusals: ['CONSOLE_NOT_FOUND'],
      },
      async ({ place }) => {
        const found = await readFile(ports, place);
        if (found === null) return refuse('CONSOLE_NOT_FOUND', 'There is no such file.');
        return done({ ...shownFile(found.file), history: found.history, seen: found.lastEvent });
      },
    ),
  ];
}
