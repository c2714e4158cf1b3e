import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { Answers } from './answers.ts';

/** Does what it is asked, then says REFUSED_STREAM: "not processed, send it again". A lie that HTTP/2 clients believe. */
export async function refuseStream(
  answers: Answers,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>;
  if (request.url === '/client-data') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answers.carryOut(request.url, body, request.headers)));
    return;
  }
  answers.carryOut(request.url, body, request.headers);
  response.stream.close(constants.NGHTTP2_REFUSED_STREAM);
}
