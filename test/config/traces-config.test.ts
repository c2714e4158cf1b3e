import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/environment.ts';
import { ConfigFault } from '../../src/domain/config-fault.ts';

const headersOf = (text: string) =>
  readEnvironment(
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example.com', OTEL_EXPORTER_OTLP_HEADERS: text },
    { checkout: '/opt/leadsync' },
  ).traces?.headers;

describe('headers for the collector', () => {
  it('are written as OpenTelemetry has them, with escapes', () => {
    expect(headersOf('Authorization=Basic%20YWI=, x-scope = a%2Cb')).toEqual({
      Authorization: 'Basic YWI=',
      'x-scope': 'a,b',
    });
  });

  it('may hold what is no escape', () => {
    expect(headersOf('authorization=Basic YWI=,x-share=100%')).toEqual({
      authorization: 'Basic YWI=',
      'x-share': '100%',
    });
  });

  it('can not begin another header', () => {
    expect(() => headersOf('x-scope=a%0D%0Ax-other: b')).toThrow(ConfigFault);
  });
});
