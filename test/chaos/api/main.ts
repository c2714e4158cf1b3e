import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { selfSigned } from '../../adapters/leads-api/self-signed.ts';
import { createAnswers } from './answers.ts';
import { refuseStream } from './refuse-stream.ts';
import type { ApiOptions } from './options.ts';

/** The remote, in a process of its own so that it can be killed and frozen like everything else. */
const options = JSON.parse(process.argv[2] ?? '') as ApiOptions;
const answers = createAnswers(options);
process.on('message', () => answers.heal());
process.on('disconnect', () => process.exit());

const server =
  options.transport === 'http'
    ? createServer({ keepAliveTimeout: 5_000 }, (request, response) => void answers.answer(request, response))
    : createSecureServer({ ...selfSigned, allowHTTP1: true }, (request, response) => {
        if (request.httpVersionMajor === 2) void refuseStream(answers, request, response);
        // Over HTTP/1.1 the compatible objects are those of node:http.
        else void answers.answer(request as never, response as never);
      });
server.listen(options.port, '127.0.0.1');
