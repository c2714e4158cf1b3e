import { describe, expect, it } from 'vitest';
import { readAgent } from '../../src/domain/agent.ts';

describe('readAgent', () => {
  it.each([
    ['0051245', '0051245', []],
    ['51245', '0051245', ['leading_zeros']],
    ['="0051245"', '0051245', []],
    ['51245.0', '0051245', ['leading_zeros']],
  ])('reads %j', (text, agenteId, repairs) => {
    expect(readAgent(text)).toEqual({ kind: 'agent', agenteId, repairs });
  });

  it.each(['', '12345678', 'A51245', '-1', '5,1E+04', '1.5'])('rejects %j', (text) => {
    expect(readAgent(text)).toEqual({ kind: 'problem', code: 'ROW_AGENT_INVALID' });
  });
});
